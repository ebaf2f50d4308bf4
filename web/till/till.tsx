import { createRoutes, type Pages } from '../http/context.js';
import type { PageParts } from '../http/parts.js';

export function tillRoutes(_: PageParts): Pages {
  return createRoutes();
}
