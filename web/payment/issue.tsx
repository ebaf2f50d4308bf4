import { createRoutes, type Pages } from '../http/context.js';
import type { PageParts } from '../http/parts.js';

export function issueRoutes(_: PageParts): Pages {
  return createRoutes();
}
