import { setNotes, type AccountPaymentRow } from '../../db/payment/accountPayments.js';
import { within } from '../../db/outage.js';
import { readReference } from '../../domain/reference.js';
import { sending } from '../afterSending.js';
import type { Parts } from '../parts.js';

const PATIENCE_MS = 2_000;

/**
 * Changes a payment's notes, which no rule depends on; `undefined` when there is no such payment.
 * @param typed its reference, in any form in which people type it
 * @throws OutcomeUnknown, RecordsUnavailable
 */
export async function changeNotes(
  { sql }: Parts,
  typed: string,
  notes: string | null,
): Promise<AccountPaymentRow | undefined> {
  const reference = readReference(typed);
  return reference === undefined ? undefined : sending(within(PATIENCE_MS, setNotes(sql, reference, notes)));
}
