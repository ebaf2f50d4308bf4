import { randomBytes } from 'node:crypto';
import { onceCompared } from '../../db/booksCompared.js';
import { RecordsUnavailable, within } from '../../db/outage.js';
import { findRulesOn } from '../../db/rules.js';
import { findAccountPayment } from '../../db/payment/accountPayments.js';
import {
  findReservation,
  findReservationOf,
  reserveIssue,
  type IssueReservation,
} from '../../db/payment/issueReservations.js';
import { warningsOf, type Warning } from '../../domain/law/decision.js';
import type { Judgement } from '../../domain/law/judge.js';
import type { Issue, Purpose, Scope } from '../../domain/payment/command.js';
import type { Delivery } from '../../domain/payment/handle.js';
import { fundingOf, taxPointOf, type FundingSaid, type TaxPoint } from '../../domain/payment/funding.js';
import { stateAtIssue, newIssue, whyNotIssued, type IssuedNow, type Issuing } from '../../domain/payment/issue.js';
import { view, type AccountPaymentView } from '../../domain/payment/payment.js';
import { expiryOf, withLastDay, type Validity } from '../../domain/payment/validity.js';
import { sending } from '../afterSending.js';
import { byOf, keyOf, type Asking, type Who } from '../asking.js';
import { judgeIssue, judgementOfIssue, noted } from '../law/judge.js';
import { refuseByLaw, wasBarred } from '../law/refuse.js';
import type { Parts } from '../parts.js';
import { refused, type PaymentShown, type Refused } from '../refused.js';
import { NO_ACTOR } from '../temporal.js';

/** What somebody wants to have issued. */
export type Wanted = Validity &
  FundingSaid & {
    readonly customerId: string;
    readonly scope: Scope;
    readonly purpose: Purpose;
    readonly amountMinor: number;
    readonly currency: string;
    readonly taxPoint?: TaxPoint | undefined;
    readonly taxCode?: string | undefined;
    readonly notes?: string | null | undefined;
  };

export type Issued = {
  readonly outcome: 'issued';
  readonly delivery: Delivery;
  /** As it is now: at its very beginning, unless this is a repeat. */
  readonly payment: PaymentShown;
  readonly recorded: boolean;
  /** What a law has to say of it. */
  readonly warnings: readonly Warning[];
};

const PATIENCE_MS = 3_000;

/**
 * Issues a payment, once however often it is asked to: reserves the reference first and starts the actor under it, so
 * that a repeat after a crash in between finds the same one.
 * @param prepare what has to be there before it is issued, done once the rules let it pass; safe to repeat
 * @throws ActorsUnavailable, OutcomeUnknown, RecordsUnavailable: to be asked again under the same key
 */
export async function issuePayment(
  parts: Parts,
  asking: Asking,
  wanted: Wanted,
  prepare: () => Promise<void> = () => Promise.resolve(),
): Promise<Issued | Refused> {
  const { requestId: commandId } = asking;
  const [registered, [before, rules]] = await Promise.all([
    parts.requestKeys(keyOf(asking, null), 'patiently'),
    within(PATIENCE_MS, Promise.all([findReservation(parts.sql, commandId), findRulesOn(parts.sql)])),
  ]);
  if (registered.standing === 'another' && !before) return refused(parts, 'command_id_reused');
  const now = { nowMs: parts.now(), rules };
  const issuing = issuingOf(asking, wanted);
  const law = judgeIssue(asking, issuing, now.nowMs);
  if (!before) {
    if (registered.standing === 'unknown') throw new RecordsUnavailable('nobody knows what its key was used for');
    const code = wasBarred(registered) ? undefined : whyNotIssued(issuing, asking.who, now.nowMs);
    if (code) return refused(parts, code);
    if (law.outcome === 'refused' || wasBarred(registered))
      return refuseByLaw(parts, keyOf(asking, null), registered, law);
    await prepare();
  }
  const proposed = proposalFor(asking, { ...issuing, ...noted(law) }, { ...now, notes: wanted.notes ?? null });

  const reservation = before ?? (await promised(parts, () => reserveIssue(parts.sql, proposed)));
  if (reservation.bodyHash !== asking.requestHash) return refused(parts, 'command_id_reused');
  return startIssued(parts, asking, reservation, reservation.reference === proposed.reference ? 'first' : 'replayed');
}

/**
 * Promises a reference.
 * @throws BooksPutBack when the books have lost such promises, RecordsUnavailable
 * @throws OutcomeUnknown when it may have been promised
 */
export async function promised<Promised>({ sql, actors }: Parts, promise: () => Promise<Promised>): Promise<Promised> {
  return onceCompared(sql, actors.startedSince, () => sending(within(PATIENCE_MS, promise())));
}

/** Starts what was reserved, or finds it started. */
export async function startIssued(
  parts: Parts,
  { who, waitMs }: Asking,
  { issue }: IssueReservation,
  delivery: Delivery,
): Promise<Issued> {
  const payment = await started(parts, issue, delivery);
  const { reference, commandId } = issue;
  const recorded = await parts.untilRecorded({ reference, commandId }, waitMs);
  const warnings = warningsOf(issue.law?.rules);
  return { outcome: 'issued', delivery, payment: withLastDay(payment, who.shop), recorded, warnings };
}

/** Starts what somebody reserved who was cut off before its start. What is in the books was started. */
export async function startReserved({ actors, sql }: Parts, { issue }: IssueReservation): Promise<void> {
  const row = await within(PATIENCE_MS, findAccountPayment(sql, issue.reference));
  if (!row) await actors.start(issue);
}

/** Starts the payment that this reference was promised to, if it was promised to any. */
export async function startIfReserved(parts: Parts, reference: string): Promise<'reserved' | 'unknown'> {
  const reserved = await within(PATIENCE_MS, findReservationOf(parts.sql, reference));
  if (!reserved) return 'unknown';
  await startReserved(parts, reserved);
  return 'reserved';
}

/** What the law says of what somebody is about to issue, before they do. */
export function judgementOfWanted(
  wanted: Omit<Wanted, 'customerId'>,
  who: Pick<Who, 'shop'>,
  nowMs: number,
): Judgement {
  const { calendar } = who.shop;
  const funding = fundingOf(wanted.purpose, wanted);
  return judgementOfIssue({ ...wanted, funding, expiresAt: expiryOf(wanted, calendar) }, who, nowMs);
}

function issuingOf({ requestId, who }: Asking, wanted: Wanted): Issuing {
  const { customerId, scope, purpose, amountMinor, currency, taxCode } = wanted;
  const { taxPoint = taxPointOf({ scope, purpose }) } = wanted;
  return {
    commandId: requestId,
    by: byOf(who),
    customerId,
    scope,
    purpose,
    amountMinor,
    currency,
    taxPoint,
    funding: fundingOf(purpose, wanted),
    ...(taxCode !== undefined && { taxCode }),
    expiresAt: expiryOf(wanted, who.shop.calendar),
  };
}

function proposalFor(
  { requestHash, who }: Asking,
  issuing: Issuing,
  { notes, ...now }: Pick<IssuedNow, 'nowMs' | 'rules'> & { readonly notes: string | null },
): IssueReservation {
  const issue = newIssue(issuing, { ...now, calendar: who.shop.calendar, random: randomBytes(8) });
  const { commandId, reference, issuedAt } = issue;
  return { commandId, reference, bodyHash: requestHash, issuedAt, notes, issue };
}

async function started(parts: Parts, command: Issue, delivery: Delivery): Promise<AccountPaymentView> {
  if (delivery === 'replayed') {
    const row = await within(PATIENCE_MS, findAccountPayment(parts.sql, command.reference));
    if (row) {
      const { notes: _, ...recorded } = row;
      const live = await parts.actors.payment(command.reference);
      return live === NO_ACTOR ? recorded : live;
    }
  }
  await parts.actors.start(command);
  return view(stateAtIssue(command).payment, parts.now());
}
