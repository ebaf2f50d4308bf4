import { randomBytes } from 'node:crypto';
import { within } from '../../db/outage.js';
import { findAccountPayment, type AccountPaymentRow } from '../../db/payment/accountPayments.js';
import { findDisposition } from '../../db/payment/commands.js';
import { findReservation, reserveIssue } from '../../db/payment/issueReservations.js';
import { findRulesOn } from '../../db/rules.js';
import { derivedId } from '../../domain/payment/command.js';
import { newIssue, whyNotIssued, type Issuing } from '../../domain/payment/issue.js';
import { inItsStead, whyNotReinstated } from '../../domain/payment/replace.js';
import { expiryOf, withLastDay, type Validity } from '../../domain/payment/validity.js';
import { readReference } from '../../domain/reference.js';
import { replacementExpiry } from '../../domain/shop.js';
import { sha256 } from '../../domain/sha256.js';
import { byOf, keyOf, type Asking } from '../asking.js';
import type { Parts } from '../parts.js';
import { refused, type Refused } from '../refused.js';
import { commandPayment, type Forbidden, type Unanswered } from './command.js';
import { startIssued, type Issued } from './issue.js';

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
  const { who, requestId } = asking;
  const commandId = derivedId('reinstatement', row.reference);
  const { standing } = await parts.requestKeys(keyOf(asking, row.reference));
  const before = await within(PATIENCE_MS, findReservation(parts.sql, commandId));
  if (standing === 'another' && before?.bodyHash !== requestId) return refused(parts, 'command_id_reused');
  if (before && before.bodyHash !== requestId) return refused(parts, 'already_reinstated', shownTo(asking, row));
  const disposition = await within(PATIENCE_MS, findDisposition(parts.sql, row.reference));
  const misfit = before ? undefined : whyNotReinstated(row, disposition);
  if (misfit) return refused(parts, misfit, shownTo(asking, row));
  const isSaid = validity.expiresAt !== undefined || validity.validThrough !== undefined;
  const expiresAt = isSaid ? expiryOf(validity, who.shop.timeZone) : replacementExpiry(who.shop, parts.now());
  const parent = { kind: 'payment', id: row.reference, commandId: requestId } as const;
  const issuing = inItsStead(row, 'reinstatement', { commandId, by: byOf(who), expiresAt, parent, reason });
  return issueInStead(parts, asking, issuing, requestId);
}

/**
 * Ends a payment that has had too many commands, and issues what it had left anew. Whoever asks again, under whatever
 * key, finishes what an earlier one began.
 * @throws ActorsUnavailable, OutcomeUnknown, RecordsUnavailable: to be asked again
 */
export async function reissuePayment(
  parts: Parts,
  asking: Asking,
  typed: string,
  { customerId, reason }: Named,
): Promise<Issued | Refused | Forbidden | Unanswered> {
  const reference = readReference(typed);
  if (reference === undefined) return refused(parts, 'payment_not_found');
  const { standing } = await parts.requestKeys(keyOf(asking, reference));
  if (standing === 'another') return refused(parts, 'command_id_reused');
  const [cancelId, commandId] = [derivedId('reissue', reference, 'cancel'), derivedId('reissue', reference, 'issue')];
  const step = { ...asking, requestId: cancelId, requestHash: sha256(cancelId).slice(0, 22), async: 'answer' } as const;
  const ended = await commandPayment(parts, step, reference, {
    kind: 'cancel',
    customerId,
    disposition: 'reissued',
    reason,
    parent: { kind: 'payment', id: reference, commandId: asking.requestId },
  });
  if (ended.outcome === 'sent') throw new Error('a command that was to be answered was left as a signal');
  if (ended.outcome !== 'accepted') return ended;
  const row = ended.recorded ? await rowOf(parts, reference, customerId) : undefined;
  if (!row) return refused(parts, 'try_later');
  const parent = { kind: 'payment', id: reference, commandId: cancelId } as const;
  const decided = { commandId, by: byOf(asking.who), expiresAt: row.expiresAt, parent, reason };
  return issueInStead(parts, asking, inItsStead(row, 'reissue', decided), commandId);
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
  bodyHash: string,
): Promise<Issued | Refused> {
  const rules = await within(PATIENCE_MS, findRulesOn(parts.sql));
  const { timeZone } = asking.who.shop;
  const issue = newIssue(issuing, { nowMs: parts.now(), rules, timeZone, random: randomBytes(8) });
  const before = await within(PATIENCE_MS, findReservation(parts.sql, issue.commandId));
  const code = before ? undefined : whyNotIssued(issue, asking.who, parts.now());
  if (code) return refused(parts, code);
  const { commandId, reference, issuedAt } = issue;
  const proposed = { commandId, reference, bodyHash, issuedAt, notes: null, issue };
  const reserved = before ?? (await within(PATIENCE_MS, reserveIssue(parts.sql, proposed)));
  if (reserved.bodyHash !== bodyHash) return refused(parts, 'already_reinstated');
  return startIssued(parts, asking, reserved, reserved.reference === reference ? 'first' : 'replayed');
}

function shownTo({ who }: Asking, { notes: _, ...payment }: AccountPaymentRow) {
  return { shown: { payment: withLastDay(payment, who.shop) } };
}
