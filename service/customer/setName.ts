import { putCustomer, type Customer } from '../../db/customer/customers.js';
import { within } from '../../db/outage.js';
import { sending } from '../afterSending.js';
import type { Parts } from '../parts.js';

const PATIENCE_MS = 2_000;

/** @throws OutcomeUnknown, RecordsUnavailable */
export function nameCustomer({ sql }: Parts, customerId: string, name: string): Promise<Customer> {
  return sending(within(PATIENCE_MS, putCustomer(sql, customerId, name)));
}
