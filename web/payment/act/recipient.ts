import { findCustomer, searchCustomers, type Customer } from '../../../db/customer/customers.js';
import { within } from '../../../db/outage.js';
import { isCallersId } from '../../../domain/ids.js';
import type { Parts } from '../../../service/parts.js';

/** Whom somebody means who typed a number or a name. */
export type Recipient =
  | { readonly outcome: 'one'; readonly customerId: string; readonly name: string | undefined }
  | { readonly outcome: 'several'; readonly customers: readonly Customer[] }
  | { readonly outcome: 'none' };

const PATIENCE_MS = 3_000;
const MOST_SHOWN = 10;

/**
 * A number that is known, or was chosen, is that customer's; else everybody is shown whose name or number this could
 * be, and a number that nobody has is a customer's of whom nobody has told us yet.
 * @throws RecordsUnavailable
 */
export async function recipientOf(
  { listSql: sql }: Pick<Parts, 'listSql'>,
  { typed, chosen }: { readonly typed: string; readonly chosen: string },
): Promise<Recipient> {
  const customerId = chosen === '' ? typed : chosen;
  const known = await within(PATIENCE_MS, findCustomer(sql, customerId));
  if (known) return { outcome: 'one', ...known };
  if (chosen !== '') return isCallersId(chosen) ? { outcome: 'one', customerId, name: undefined } : { outcome: 'none' };
  const customers = await within(PATIENCE_MS, searchCustomers(sql, typed, MOST_SHOWN));
  if (customers.length > 0) return { outcome: 'several', customers };
  return isCallersId(typed) ? { outcome: 'one', customerId, name: undefined } : { outcome: 'none' };
}
