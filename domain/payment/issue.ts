import type { AccountPayment, Movement } from './payment.js';
import { bodyHash, type Issue, type Origin } from './command.js';
import { endOfDay, instantOf, type Instant } from '../instants.js';
import { jsonBytes } from '../json.js';
import { recordOf } from './record.js';
import { shortBodyHash, shortHash, type Accepted, type State } from './state.js';

/** Until when a payment is good: an instant, or through a day of the shop's calendar; not said, for ever. */
export type Validity = {
  readonly expiresAt?: string | null | undefined;
  readonly validThrough?: string | null | undefined;
};

export function expiryOf({ expiresAt, validThrough }: Validity, timeZone: string): Instant | null {
  const said = validThrough ?? expiresAt ?? null;
  return said === null ? null : (endOfDay(said, timeZone) ?? instantOf(Date.parse(said)));
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
