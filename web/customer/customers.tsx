import { createRoutes, type Pages } from '../http/context.js';
import type { PageParts } from '../http/parts.js';
import { signedIn } from '../http/signedIn.js';
import { showPlot } from './plot.js';
import { showProfile } from './profile.js';
import { showSearch } from './search.js';
import { showStatement } from './statement.js';

/** Who has left money here: found, looked at, and told in print. */
export function customerRoutes(parts: PageParts): Pages {
  const reader = signedIn(parts.desk, 'read');
  return createRoutes()
    .get('/customers', reader, (c) => showSearch(c, parts))
    .get('/customers/:customerId', reader, (c) => showProfile(c, parts))
    .get('/customers/:customerId/balance.svg', reader, (c) => showPlot(c, parts))
    .get('/customers/:customerId/statement', reader, (c) => showStatement(c, parts));
}
