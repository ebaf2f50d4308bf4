import { standingOfBooks } from '../../db/booksCompared.js';
import { whileAway, within } from '../../db/outage.js';
import { findAccountPayment, type AccountPaymentRow } from '../../db/payment/accountPayments.js';
import { findReservationOf, type IssueReservation } from '../../db/payment/issueReservations.js';
import { stateAtIssue } from '../../domain/payment/issue.js';
import { view, type AccountPaymentView } from '../../domain/payment/payment.js';
import { withLastDay } from '../../domain/payment/validity.js';
import { addressOf } from '../../domain/payment/whose.js';
import { readReference } from '../../domain/reference.js';
import type { Shop } from '../../domain/shop.js';
import type { Parts } from '../parts.js';
import type { PaymentShown } from '../refused.js';
import { ActorsUnavailable, NO_ACTOR, OutcomeUnknown } from '../temporal.js';

/** Who tells of a payment. */
export const readSources = ['actor', 'records', 'reservation'] as const;

/** A payment, and who told of it. Its notes are missing while Postgres is away. */
export type PaymentRead = PaymentShown & {
  readonly notes?: string | null;
  readonly source: (typeof readSources)[number];
};

const PATIENCE_MS = 2_000;

/**
 * Reads a payment: from its actor, or from the records when it has ended or cannot be reached.
 * @param typed its reference, in any form in which people type it
 * @param shop by whose calendar its last day is told
 */
export async function readPayment(
  parts: Parts,
  typed: string,
  shop: Pick<Shop, 'calendar'>,
): Promise<PaymentRead | 'payment_not_found' | 'records_unavailable'> {
  const reference = readReference(typed);
  if (reference === undefined) return 'payment_not_found';
  const [payment, row] = await Promise.all([livePayment(parts, reference), rowIfReachable(parts, reference)]);
  if (payment !== undefined) {
    const noted = row === 'unreachable' ? 'unreachable' : (row ?? (await reservedIfReachable(parts, reference)));
    if (noted === undefined && (await isNobodys(parts, reference))) return 'payment_not_found';
    const notes = noted === 'unreachable' ? {} : { notes: noted?.notes ?? null };
    return { ...withLastDay(payment, shop), ...notes, source: 'actor' };
  }
  if (row === 'unreachable') return 'records_unavailable';
  if (row) return { ...withLastDay(row, shop), source: 'records' };
  const reserved = await within(PATIENCE_MS, findReservationOf(parts.sql, reference));
  if (!reserved) return 'payment_not_found';
  const { issue, notes } = reserved;
  await parts.actors.start(issue).catch(unlessOutage);
  return { ...withLastDay(view(stateAtIssue(issue).payment, parts.now()), shop), notes, source: 'reservation' };
}

/** What its actor says, when there is one and it can be reached. */
export async function livePayment({ actors }: Parts, reference: string): Promise<AccountPaymentView | undefined> {
  try {
    const payment = await actors.payment(reference);
    return payment === NO_ACTOR ? undefined : payment;
  } catch (error) {
    if (error instanceof ActorsUnavailable) return undefined;
    throw error;
  }
}

/** Whether whatever answers to a reference that the books do not know was started by hand. */
async function isNobodys({ sql }: Parts, reference: string): Promise<boolean> {
  const books = await within(PATIENCE_MS, standingOfBooks(sql)).catch(whileAway('unreachable' as const));
  return books !== 'unreachable' && addressOf(reference, { revision: null, customerId: null, books }, {}) !== reference;
}

/** What was reserved can be told of, whether it can be started now or not. */
function unlessOutage(error: unknown): void {
  if (!(error instanceof ActorsUnavailable) && !(error instanceof OutcomeUnknown)) throw error;
}

function rowIfReachable({ sql }: Parts, reference: string): Promise<AccountPaymentRow | undefined | 'unreachable'> {
  return within(PATIENCE_MS, findAccountPayment(sql, reference)).catch(whileAway('unreachable'));
}

/** Of what is not recorded yet the notes are at its reservation. */
function reservedIfReachable({ sql }: Parts, reference: string): Promise<IssueReservation | undefined | 'unreachable'> {
  return within(PATIENCE_MS, findReservationOf(sql, reference)).catch(whileAway('unreachable'));
}
