/** Longer ones than this some browsers and servers do not take. */
export const MAX_ADDRESS_LENGTH = 6_000;

/** A way back that a form names, if it leads to a page of ours; else the first page. */
export function ownPath(to: string | undefined): string {
  if (to === undefined || !to.startsWith('/')) return '/';
  const url = URL.parse(to, HERE);
  return url?.origin === HERE ? url.pathname + url.search : '/';
}

const HERE = 'http://here.invalid';
