import { setNotes, setReservedNotes, type AccountPaymentRow } from '../../db/payment/accountPayments.js';
import { within } from '../../db/outage.js';
import { stateAtIssue } from '../../domain/payment/issue.js';
import { view } from '../../domain/payment/payment.js';
import { readReference } from '../../domain/reference.js';
import { sending } from '../afterSending.js';
import type { Parts } from '../parts.js';
import { livePayment } from './read.js';

const PATIENCE_MS = 2_000;

/**
 * Changes a payment's notes, which no rule depends on, whether its issue is in the books yet or not; `undefined` when
 * there is no such payment.
 * @param typed its reference, in any form in which people type it
 * @throws OutcomeUnknown, RecordsUnavailable
 */
export async function changeNotes(
  parts: Parts,
  typed: string,
  notes: string | null,
): Promise<AccountPaymentRow | undefined> {
  const { sql, now } = parts;
  const reference = readReference(typed);
  if (reference === undefined) return undefined;
  const recorded = await sending(within(PATIENCE_MS, setNotes(sql, reference, notes)));
  if (recorded) return recorded;
  const reserved = await sending(within(PATIENCE_MS, setReservedNotes(sql, reference, notes)));
  if (!reserved || reserved.row) return reserved?.row;
  const payment = (await livePayment(parts, reference)) ?? view(stateAtIssue(reserved.issue).payment, now());
  return { ...payment, notes };
}
