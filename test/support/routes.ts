import { createPages } from '../../web/createPages.js';
import type { Shop } from './shop.js';

export type Route = { readonly method: string; readonly path: string };

/** Every address that the pages answer at, as it is written in the code. */
export function routesOf({ desk, parts }: Pick<Shop, 'desk' | 'parts'>): Route[] {
  const { routes } = createPages({ ...parts, desk, publicUrl: undefined, temporalUiUrl: undefined });
  return routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => ({ method, path }));
}
