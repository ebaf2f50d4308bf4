import { createRoutes, type Pages } from '../http/context.js';
import type { PageParts } from '../http/parts.js';

export function customerRoutes(_: PageParts): Pages {
  return createRoutes();
}
