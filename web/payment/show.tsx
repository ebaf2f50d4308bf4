import { createRoutes, type Pages } from '../http/context.js';
import type { PageParts } from '../http/parts.js';

export function showRoutes(_: PageParts): Pages {
  return createRoutes();
}
