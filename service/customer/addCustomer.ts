import { createHash } from 'node:crypto';
import { insertCustomer } from '../../db/customer/contacts.js';
import { within } from '../../db/outage.js';
import type { NewCustomer } from '../../domain/customer/contacts.js';
import { lettersOf } from '../../domain/reference.js';
import { sending } from '../afterSending.js';
import type { Parts } from '../parts.js';

const PATIENCE_MS = 3_000;

/** @throws OutcomeUnknown, RecordsUnavailable */
export function addCustomer({ sql }: Parts, customerId: string, customer: NewCustomer): Promise<void> {
  return sending(within(PATIENCE_MS, insertCustomer(sql, { customerId, ...customer })));
}

/**
 * The id of a customer whom a request adds. It tells nothing of them: it is made of the request's id alone, which is as
 * random as its key, so that a request that is sent again adds nobody twice.
 */
export function newCustomerId(requestId: string): string {
  const hash = createHash('sha256').update(`customer\n${requestId}`).digest();
  return `C-${lettersOf(hash.subarray(0, 10))}`;
}
