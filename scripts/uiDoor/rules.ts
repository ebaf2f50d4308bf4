/** Where somebody says who they are; the browser says it with everything from then on. */
export const SIGN_IN = '/sign-in';

/** The one thing that the UI reads by POST, as it has it when its own actions are off. */
const QUERY = /^\/api\/v1\/namespaces\/[^/]+\/workflows\/[^/]+\/query\/[^/]+$/;

export function isLookingOnly(method: string, url: string): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  return method === 'POST' && QUERY.test(url.split('?')[0] ?? '');
}

/** The UI's settings for those who may only look: it shows no action. */
export function withoutActions(settings: string): string {
  const told = JSON.parse(settings) as Record<string, unknown>;
  return JSON.stringify({ ...told, DisableWriteActions: true });
}
