import { randomBytes } from 'node:crypto';
import { isRecordsOutage, RecordsUnavailable, within } from '../../db/outage.js';
import { findAccountPayment, type AccountPaymentRow } from '../../db/payment/accountPayments.js';
import { findCancellation } from '../../db/payment/commands.js';
import { findGiving } from '../../db/payment/movements.js';
import { findReservation, reserveIssue, type IssueReservation } from '../../db/payment/issueReservations.js';
import { findRulesOn } from '../../db/rules.js';
import { derivedId } from '../../domain/payment/command.js';
import { newIssue, whyNotIssued, type Issuing } from '../../domain/payment/issue.js';
import { inItsStead, whyNotReinstated } from '../../domain/payment/replace.js';
import { expiryOf, withLastDay, type Validity } from '../../domain/payment/validity.js';
import type { RefusalCode } from '../../domain/refusals.js';
import { readReference } from '../../domain/reference.js';
import { replacementExpiry } from '../../domain/shop.js';
import { byOf, keyOf, type Asking } from '../asking.js';
import { judgeReissue, noted } from '../law/judge.js';
import { refuseByLaw, wasBarred } from '../law/refuse.js';
import type { Parts } from '../parts.js';
import { refused, type PaymentShown, type Refused } from '../refused.js';
import { ActorsUnavailable, OutcomeUnknown } from '../temporal.js';
import { commandPayment, type Commanded, type Forbidden, type Unanswered } from './command.js';
import { promised, startIssued, startReserved, type Issued } from './issue.js';
import type { Sent } from './leave.js';

type Named = { readonly customerId: string; readonly reason: string };

const PATIENCE_MS = 3_000;

/**
 * Issues anew what has expired or was forfeited, once: the id of the issue is made of the ended payment alone.
 * @throws ActorsUnavailable, OutcomeUnknown, RecordsUnavailable: to be asked again under the same key
 */
export async function reinstatePayment(
  parts: Parts,
  asking: Asking,
  typed: string,
  { customerId, reason, ...validity }: Named & Validity,
): Promise<Issued | Refused> {
  const row = await rowOf(parts, typed, customerId);
  if (!row) return refused(parts, 'payment_not_found');
  const { who, requestId, requestHash } = asking;
  const commandId = derivedId('reinstatement', row.reference);
  const key = keyOf(asking, row.reference);
  const registered = await parts.requestKeys(key, 'patiently');
  const before = await within(PATIENCE_MS, findReservation(parts.sql, commandId));
  if (registered.standing === 'another' && !before) return refused(parts, 'command_id_reused');
  const taken = before && whyNotThisOne(before, asking);
  if (taken) {
    await startReserved(parts, before);
    return refused(parts, taken, shownTo(asking, row));
  }
  const cancellation = await within(PATIENCE_MS, findCancellation(parts.sql, row.reference));
  const isSaid = validity.expiresAt !== undefined || validity.validThrough !== undefined;
  const expiresAt = isSaid ? expiryOf(validity, who.shop.calendar) : replacementExpiry(who.shop, parts.now());
  const parent = { kind: 'payment', id: row.reference, commandId: requestId } as const;
  const issuing = inItsStead(row, 'reinstatement', { commandId, by: byOf(who), expiresAt, parent, reason });
  const giving = await within(PATIENCE_MS, findGiving(parts.sql, row));
  const law = await judgeReissue(parts, asking, row.reference, expiresAt);
  if (!before) {
    if (registered.standing === 'unknown') throw new RecordsUnavailable('nobody knows what its key was used for');
    const misfit = whyNotReinstated(row, cancellation?.disposition, giving) ?? whyNotIssued(issuing, who, parts.now());
    if (misfit && !wasBarred(registered)) return refused(parts, misfit, shownTo(asking, row));
    if (law.outcome === 'refused' || wasBarred(registered)) return refuseByLaw(parts, key, registered, law);
  }
  return issueInStead(parts, asking, { ...issuing, ...noted(law) }, { bodyHash: requestHash, whyNot: whyNotThisOne });
}

/**
 * Ends a payment that has had too many commands, and issues what it had left anew. Whoever asks again, under whatever
 * key, finishes what an earlier one began.
 * @throws ActorsUnavailable, RecordsUnavailable while nothing has changed, OutcomeUnknown: to be asked again
 */
export async function reissuePayment(
  parts: Parts,
  asking: Asking,
  typed: string,
  { customerId, reason }: Named,
): Promise<Issued | Refused | Forbidden | Unanswered> {
  const reference = readReference(typed);
  if (reference === undefined) return refused(parts, 'payment_not_found');
  // Of the request too: what stood in the way of one, an open hold or a freeze, need not stand in the way of the next.
  const stepId = derivedId('reissue', reference, 'cancel', asking.requestId);
  const step = { ...asking, stepId, async: 'answer', waitMs: 0 } as const;
  const ended = await commandPayment(parts, step, reference, {
    kind: 'cancel',
    customerId,
    disposition: 'reissued',
    reason,
    parent: { kind: 'payment', id: reference, commandId: asking.requestId },
  });
  if (ended.outcome === 'sent') throw new Error('a command that was to be answered was left as a signal');
  if (ended.outcome !== 'accepted' && !isCancelled(ended)) return ended;
  const { payment } = ended.outcome === 'accepted' ? ended : ended.shown;
  try {
    const end = await recordedEnd(parts, payment);
    // It was cancelled as something else: there is nothing to issue.
    if (ended.outcome === 'refused' && end.disposition !== 'reissued') return ended;
    const { row } = end;
    const parent = { kind: 'payment', id: reference, commandId: end.commandId } as const;
    const commandId = derivedId('reissue', reference, 'issue');
    const decided = { commandId, by: byOf(asking.who), expiresAt: row.expiresAt, parent, reason };
    // Whatever its expiry has become meanwhile: then it expires at once, and can be reinstated.
    return await issueInStead(parts, asking, inItsStead(row, 'reissue', decided), {
      bodyHash: commandId,
      whyNot: () => undefined,
    });
  } catch (error) {
    // The payment has ended by now: nobody may be told that nothing has changed.
    if (!isRecordsOutage(error) && !(error instanceof ActorsUnavailable)) throw error;
    throw new OutcomeUnknown('the payment has ended, and nothing is issued in its stead yet', { cause: error });
  }
}

/** It was cancelled before, as its own end or by another request that was cut off then. */
function isCancelled(ended: Exclude<Commanded, Sent>): ended is Refused & { shown: { payment: PaymentShown } } {
  return ended.outcome === 'refused' && ended.code === 'payment_cancelled' && ended.shown.payment !== undefined;
}

/**
 * A cancelled payment in the books, and what became of its rest.
 * @throws OutcomeUnknown while its end is not there
 */
async function recordedEnd(parts: Parts, { reference, customerId, revision }: PaymentShown) {
  const isRecorded = await parts.untilRecorded({ reference, revision }, PATIENCE_MS);
  const [row, cancellation] = isRecorded
    ? await Promise.all([
        rowOf(parts, reference, customerId),
        within(PATIENCE_MS, findCancellation(parts.sql, reference)),
      ])
    : [];
  if (!row || !cancellation) throw new OutcomeUnknown('the end of the old payment is not recorded yet');
  return { row, ...cancellation };
}

/** Why what was issued in a payment's stead is not what this request asks for; undefined when it is. */
function whyNotThisOne(reserved: IssueReservation, { requestId, requestHash }: Asking): RefusalCode | undefined {
  if (reserved.issue.parent?.commandId !== requestId) return 'already_reinstated';
  return reserved.bodyHash === requestHash ? undefined : 'command_id_reused';
}

async function rowOf({ sql }: Parts, typed: string, customerId: string): Promise<AccountPaymentRow | undefined> {
  const reference = readReference(typed);
  const row = reference && (await within(PATIENCE_MS, findAccountPayment(sql, reference)));
  return row && row.customerId === customerId ? row : undefined;
}

async function issueInStead(
  parts: Parts,
  asking: Asking,
  issuing: Issuing,
  { bodyHash, whyNot }: { bodyHash: string; whyNot: typeof whyNotThisOne },
): Promise<Issued | Refused> {
  const rules = await within(PATIENCE_MS, findRulesOn(parts.sql));
  const { calendar } = asking.who.shop;
  const issue = newIssue(issuing, { nowMs: parts.now(), rules, calendar, random: randomBytes(8) });
  const { commandId, reference, issuedAt } = issue;
  const proposed = { commandId, reference, bodyHash, issuedAt, notes: null, issue };
  const reserved = await promised(parts, () => reserveIssue(parts.sql, proposed));
  const taken = whyNot(reserved, asking);
  if (taken) {
    await startReserved(parts, reserved);
    return refused(parts, taken);
  }
  return startIssued(parts, asking, reserved, reserved.reference === reference ? 'first' : 'replayed');
}

function shownTo({ who }: Asking, { notes: _, ...payment }: AccountPaymentRow) {
  return { shown: { payment: withLastDay(payment, who.shop) } };
}
