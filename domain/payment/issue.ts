import type { AccountPayment, Movement, Terms } from './payment.js';
import { bodyHash, type Issue } from './command.js';
import { otherSideOf } from './funding.js';
import { hasPassed, instantOf, type Calendar } from '../instants.js';
import { jsonBytes } from '../json.js';
import { makeReference } from '../reference.js';
import type { RefusalCode } from '../refusals.js';
import type { Role } from '../roles.js';
import type { Shop } from '../shop.js';
import { recordOf } from './record.js';
import type { RulesNumber } from './rules.js';
import { shortBodyHash, shortHash, type Accepted, type State } from './state.js';

/** An issue without its reference, instant and rules, which its reservation adds. */
export type Issuing = Omit<Issue, 'kind' | 'reference' | 'issuedAt' | 'rules'>;

/**
 * What is to be issued, under a reference of its own.
 * @param now the rules that are switched on, the shop's time zone, and eight bytes from a cryptographic source
 */
export function newIssue(issuing: Issuing, now: IssuedNow): Issue {
  const { nowMs, rules, calendar, random } = now;
  const reference = makeReference(nowMs, calendar, random);
  return { kind: 'issue', ...issuing, rules, reference, issuedAt: instantOf(nowMs) };
}

export type IssuedNow = {
  readonly nowMs: number;
  readonly rules: RulesNumber;
  readonly calendar: Calendar;
  readonly random: Uint8Array;
};

/** Why it may not be issued now, by somebody of this role in this shop. */
export function whyNotIssued(
  issue: Pick<Issuing, 'amountMinor' | 'currency' | 'funding' | 'expiresAt'>,
  { role, shop }: { readonly role: Role; readonly shop: Shop },
  nowMs: number,
): RefusalCode | undefined {
  if (hasPassed(issue.expiresAt, nowMs)) return 'expires_at_in_past';
  return role === 'till' ? whyNoTillIssues(issue, shop) : undefined;
}

/** Whether what a till was refused is a manager's to issue. */
export function isForManagers(code: RefusalCode): boolean {
  return code === 'issue_not_allowed' || code === 'exceeds_till_limit' || code === 'against_law';
}

/** A till issues what a customer paid, or what came back with its receipt, up to its shop's limit. */
function whyNoTillIssues(
  { funding, currency, amountMinor }: Parameters<typeof whyNotIssued>[0],
  shop: Shop,
): RefusalCode | undefined {
  const isOfTills = funding.kind === 'paid' || (funding.kind === 'return' && funding.receiptId !== undefined);
  if (!isOfTills || currency !== shop.currency) return 'issue_not_allowed';
  return amountMinor > shop.tillIssueLimitMinor ? 'exceeds_till_limit' : undefined;
}

/** What of an issue never changes; the rest stands beside its command, or changes. */
export function termsOf(issue: Issue): Terms {
  const {
    kind: _,
    commandId: __,
    expiresAt: ___,
    frozen: ____,
    reason: _____,
    rules: ______,
    parent: _______,
    law: ________,
    promise: _________,
    ...terms
  } = issue;
  return terms;
}

/** A payment at its beginning, with the record of its issue waiting. */
export function stateAtIssue(command: Issue, hash = bodyHash(command)): State {
  const { commandId, expiresAt, frozen = [], reason, rules, law } = command;
  const payment: AccountPayment = {
    terms: termsOf(command),
    standing: { status: 'active', balanceMinor: command.amountMinor },
    expiresAt,
    holds: [],
    frozen,
    revision: 1,
    lastSequence: 1,
  };
  const movement: Movement = {
    sequence: 1,
    kind: 'issued',
    amountMinor: command.amountMinor,
    balanceBeforeMinor: 0,
    balanceAfterMinor: command.amountMinor,
    ...(reason !== undefined && { reason }),
    ...otherSideOf(command.funding),
  };
  const accepted: Accepted = {
    bodyHash: shortBodyHash(hash),
    revision: 1,
    at: command.issuedAt,
    sequence: 1,
    balanceBeforeMinor: 0,
  };
  const first = recordOf({
    rules,
    payment,
    command,
    hash,
    outcome: 'accepted',
    at: command.issuedAt,
    movement,
    details: {
      expiresAt,
      ...(frozen.length > 0 && { frozen }),
      ...(reason !== undefined && { reason }),
      ...(law && { law }),
    },
  });
  return {
    payment,
    rules,
    memory: {
      accepted: new Map([[shortHash(commandId), accepted]]),
      refused: new Map(),
      bare: new Map(),
      sales: new Map(),
      endedHolds: new Map(),
    },
    books: 'unconfirmed',
    outbox: [first],
    outboxBytes: jsonBytes(first),
    recent: [first],
  };
}
