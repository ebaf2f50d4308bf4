import { createRoutes, type Pages } from '../http/context.js';
import type { PageParts } from '../http/parts.js';
import { signedIn } from '../http/signedIn.js';
import { change, changeAgain, showChange } from './change.js';
import { sendData } from './data.js';
import { eraseAgain, eraseWhoItIs, showErasing } from './erase.js';
import { showPlot } from './plot.js';
import { showProfile } from './profile.js';
import { showSearch } from './search.js';
import { showStatement } from './statement.js';

/** Who has left money here: found, looked at, told in print, and known by name until that is erased. */
export function customerRoutes(parts: PageParts): Pages {
  const reader = signedIn(parts.desk, 'read');
  const tills = signedIn(parts.desk, 'issue');
  const managers = signedIn(parts.desk, 'manage');
  return createRoutes()
    .get('/customers', reader, (c) => showSearch(c, parts))
    .get('/customers/:customerId', reader, (c) => showProfile(c, parts))
    .get('/customers/:customerId/balance.svg', reader, (c) => showPlot(c, parts))
    .get('/customers/:customerId/statement', reader, (c) => showStatement(c, parts))
    .get('/customers/:customerId/contacts', tills, (c) => showChange(c, parts))
    .post('/customers/:customerId/contacts', signedIn(parts.desk, 'issue', changeAgain), (c) => change(c, parts))
    .get('/customers/:customerId/data.json', managers, (c) => sendData(c, parts))
    .get('/customers/:customerId/erase', reader, (c) => showErasing(c, parts))
    .post('/customers/:customerId/erase', signedIn(parts.desk, 'read', eraseAgain(parts)), (c) =>
      eraseWhoItIs(c, parts),
    );
}
