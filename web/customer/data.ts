import { customerData } from '../../db/customer/data.js';
import { within } from '../../db/outage.js';
import type { PageContext } from '../http/context.js';
import { NotFound } from '../http/faults.js';
import type { PageParts } from '../http/parts.js';
import { customerIdOf } from './address.js';

const PATIENCE_MS = 5_000;

/** All that is known of a customer as a file, which a manager hands to them. */
export async function sendData(c: PageContext, { listSql }: PageParts): Promise<Response> {
  const customerId = customerIdOf(c);
  const data = await within(PATIENCE_MS, customerData(listSql, customerId, c.get('session').shop));
  if (!data) throw new NotFound();
  // A number may hold what no file's name does.
  const name = customerId.replace(/[^\w.-]/g, '_');
  return c.body(JSON.stringify({ customerId, ...data }, null, 2), 200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Disposition': `attachment; filename="customer-${name}.json"`,
  });
}
