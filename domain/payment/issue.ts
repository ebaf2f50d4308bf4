import type { AccountPayment, Movement } from './payment.js';
import { bodyHash, type Issue, type Origin } from './command.js';
import { hasPassed, instantOf } from '../instants.js';
import { jsonBytes } from '../json.js';
import { makeReference } from '../reference.js';
import type { RefusalCode } from '../refusals.js';
import { recordOf } from './record.js';
import { shortBodyHash, shortHash, type Accepted, type State } from './state.js';

/** What is issued, but for what only its reservation tells. */
export type Issuing = Omit<Issue, 'kind' | 'reference' | 'issuedAt'>;

/**
 * What is to be issued, under a reference of its own.
 * @param random eight bytes from a cryptographic source
 */
export function newIssue(issuing: Issuing, nowMs: number, shopTimeZone: string, random: Uint8Array): Issue {
  const reference = makeReference(nowMs, shopTimeZone, random);
  return { kind: 'issue', ...issuing, reference, issuedAt: instantOf(nowMs) };
}

/** Why it may not be issued now. */
export function whyNotIssued({ expiresAt }: Pick<Issue, 'expiresAt'>, nowMs: number): RefusalCode | undefined {
  return hasPassed(expiresAt, nowMs) ? 'expires_at_in_past' : undefined;
}

/** A payment at its beginning, with the record of its issue waiting. */
export function issued(command: Issue): State {
  const { kind: _, commandId, expiresAt, frozen = [], ...terms } = command;
  const payment: AccountPayment = {
    terms,
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
    ...otherSideOf(command.origin),
  };
  const hash = bodyHash(command);
  const accepted: Accepted = {
    bodyHash: shortBodyHash(hash),
    revision: 1,
    at: command.issuedAt,
    sequence: 1,
    balanceBeforeMinor: 0,
  };
  const first = recordOf({
    payment,
    command,
    hash,
    outcome: 'accepted',
    at: command.issuedAt,
    movement,
    details: { expiresAt, ...(frozen.length > 0 && { frozen }) },
  });
  return {
    payment,
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

function otherSideOf(origin: Origin | undefined): Pick<Movement, 'saleId' | 'counterpart'> {
  switch (origin?.kind) {
    case undefined:
      return {};
    case 'replacement':
      return { saleId: origin.saleId, counterpart: origin.replaces };
    case 'gift':
      return { counterpart: origin.from };
  }
}
