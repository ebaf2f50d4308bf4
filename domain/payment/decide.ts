import {
  availableOf,
  balanceOf,
  countHoldsOf,
  heldForSale,
  heldOf,
  isShrinking,
  resized,
  type AccountPayment,
  type OpenHold,
} from './payment.js';
import { bodyHash, isSameSale, type Apply, type Capture, type Command, type Hold, type PayOut } from './command.js';
import { sourceOf } from './funding.js';
import { hasPassed } from '../instants.js';
import { fitsMinor, isForSale, refundableMinor } from './figures.js';
import type { RefusalCode } from '../refusals.js';
import { hasRoomForRefusal, lackOfRoom, room } from './limits.js';
import { decidesBy } from './rules.js';
import { shortBodyHash, shortHash, type Accepted, type Memory, type Refused, type State } from './state.js';

export type Decision =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'refused'; readonly code: RefusalCode }
  | { readonly outcome: 'replayed'; readonly first: Accepted | Refused }
  /** An answer that is not remembered. */
  | { readonly outcome: 'turned_away'; readonly code: RefusalCode };

/** What a state is asked for here; nothing of it is changed. */
type Decided = Readonly<Pick<State, 'payment' | 'rules' | 'memory' | 'books' | 'outboxBytes'>> & {
  readonly outbox: readonly { readonly revision: number }[];
};

/**
 * What becomes of a command that reaches a payment in this state at this moment. Changes nothing. The first rung that
 * speaks has the word: their order here is the order in which refusals are told. A rung that is added asks for the
 * number of its rules: `decidesBy(state.rules, 2)`.
 */
export function decide(state: Decided, command: Command, nowMs: number): Decision {
  const seen = recall(state.memory, command);
  if (seen) return seen;
  if (state.books === 'unconfirmed') return { outcome: 'turned_away', code: 'issue_not_recorded' };
  // A stranger's command is no decision: the payment will never be theirs.
  const stranger = ownership(state.payment, command);
  if (stranger) return { outcome: 'turned_away', code: stranger };
  const code = isShrinking(state.payment, command) ? undefined : firstRefusal(state, command, nowMs);
  if (code) return refusing(state, command, code, nowMs);
  const lack = lackOfRoom(state, command, nowMs);
  return lack ? { outcome: 'turned_away', code: lack } : { outcome: 'accepted' };
}

function firstRefusal(state: Decided, command: Command, nowMs: number): RefusalCode | undefined {
  return (
    saleFigure(state, command) ??
    returning(state, command) ??
    (state.books === 'differ' ? freeze(state, command) : undefined) ??
    standing(state.payment, command, nowMs) ??
    freeze(state, command) ??
    currency(state.payment, command) ??
    payability(state.payment, command) ??
    basket(state, command) ??
    amount(state, command, nowMs) ??
    particulars(state, command, nowMs)
  );
}

function recall({ accepted, refused, bare }: Memory, command: Command): Decision | undefined {
  const id = shortHash(command.commandId);
  if (bare.has(id)) return { outcome: 'turned_away', code: 'answer_in_books' };
  const first = accepted.get(id) ?? refused.get(id);
  if (!first) return undefined;
  return first.bodyHash === shortBodyHash(bodyHash(command))
    ? { outcome: 'replayed', first }
    : { outcome: 'turned_away', code: 'command_id_reused' };
}

/** A caller who knows only a reference must not learn that it exists. */
function ownership({ terms }: AccountPayment, command: Command): RefusalCode | undefined {
  return 'customerId' in command && command.customerId !== undefined && command.customerId !== terms.customerId
    ? 'payment_not_found'
    : undefined;
}

/** A sale that is wrong about what it has taken was charged before, whatever became of the workflow that charged it. */
function saleFigure({ memory }: Decided, command: Command): RefusalCode | undefined {
  if (!isForSale(command) || command.takenMinor === undefined) return undefined;
  return refundableMinor(memory, command) === command.takenMinor ? undefined : 'sale_exists';
}

/** This comes before the status, so that a sale that has got everything back hears so of an ended payment too. */
function returning({ memory }: Decided, command: Command): RefusalCode | undefined {
  if (command.kind !== 'refund') return undefined;
  const backMinor = command.amountMinor + (command.keptMinor ?? 0);
  return backMinor > refundableMinor(memory, command) ? 'exceeds_refundable' : undefined;
}

function standing(payment: AccountPayment, command: Command, nowMs: number): RefusalCode | undefined {
  if (command.kind === 'capture' || command.kind === 'release') return undefined;
  switch (payment.standing.status) {
    case 'expired':
      return 'payment_expired';
    case 'cancelled':
      return 'payment_cancelled';
    case 'used':
      if (command.kind !== 'refund' && command.kind !== 'extend') return 'payment_used';
      return hasPassed(payment.expiresAt, nowMs) ? 'payment_expired' : undefined;
    case 'active':
      return command.kind !== 'expire' && hasPassed(payment.expiresAt, nowMs) ? 'payment_expired' : undefined;
  }
}

/** While the books differ, nobody relies on what this payment believes to have. */
function freeze({ payment, books }: Decided, command: Command): RefusalCode | undefined {
  if (payment.frozen.length === 0) return undefined;
  switch (command.kind) {
    case 'apply':
    case 'hold':
    case 'payOut':
      return 'payment_frozen';
    case 'cancel':
      return command.disposition === 'issued_in_error' && books !== 'differ' ? undefined : 'payment_frozen';
    case 'capture':
    case 'refund':
    case 'expire':
    case 'freeze':
      return books === 'differ' ? 'payment_frozen' : undefined;
    case 'release':
    case 'extend':
    case 'thaw':
      return undefined;
  }
}

function currency({ terms }: AccountPayment, command: Command): RefusalCode | undefined {
  return 'currency' in command && command.currency !== terms.currency ? 'currency_mismatch' : undefined;
}

/** What was given free is not handed out, unless the shop permits it. */
function payability({ terms }: AccountPayment, command: Command): RefusalCode | undefined {
  const isHandingOut = command.kind === 'payOut' || (command.kind === 'cancel' && command.disposition === 'paid_out');
  if (!isHandingOut || command.ofGoodwill === 'allowed') return undefined;
  return sourceOf(terms.funding) === 'goodwill' ? 'not_payable' : undefined;
}

function basket(state: Decided, command: Command): RefusalCode | undefined {
  if (!isForSale(command)) return undefined;
  const { scope } = state.payment.terms;
  if (scope.type === 'generic')
    return command.lines && command.amountMinor > fitsMinor(state, command) ? 'exceeds_basket' : undefined;
  if (!command.lines?.some((line) => line.productId === scope.productId)) return 'product_not_in_sale';
  return command.amountMinor > fitsMinor(state, command) ? 'exceeds_product_total' : undefined;
}

function amount({ payment }: Decided, command: Command, nowMs: number): RefusalCode | undefined {
  if (!isSpending(command)) return undefined;
  const ownMinor = command.kind === 'hold' ? (resized(payment, command)?.amountMinor ?? 0) : 0;
  if (command.amountMinor <= availableOf(payment, nowMs) + ownMinor) return undefined;
  return command.kind === 'payOut' && command.amountMinor <= balanceOf(payment) ? 'hold_open' : 'insufficient_balance';
}

function particulars(state: Decided, command: Command, nowMs: number): RefusalCode | undefined {
  const { payment, memory, books } = state;
  switch (command.kind) {
    case 'refund':
    case 'payOut':
      return undefined;
    case 'apply':
      return isBesideHold(state, command) ? 'hold_open' : undefined;
    case 'hold':
      if (resized(payment, command)) return undefined;
      if (command.resizes !== undefined) return endOfHold(memory, command.resizes) ?? 'hold_not_found';
      if (memory.endedHolds.has(shortHash(command.commandId))) return 'hold_closed';
      return hasTooManyHolds(state, command) ? 'too_many_holds' : undefined;
    case 'capture': {
      const hold = payment.holds.find((each) => each.holdId === command.holdId);
      if (!hold) return endOfHold(memory, command.holdId) ?? 'hold_not_found';
      if (!isFor(hold, command)) return 'hold_not_found';
      if (hasPassed(hold.expiresAt, nowMs)) return 'hold_expired';
      return command.amountMinor > hold.amountMinor ? 'exceeds_held_amount' : undefined;
    }
    case 'release':
      return endOfHold(memory, command.holdId);
    case 'cancel':
    case 'expire':
      return heldOf(payment) > 0 ? 'hold_open' : undefined;
    case 'extend':
      if (hasPassed(command.expiresAt, nowMs)) return 'expires_at_in_past';
      return isLater(command.expiresAt, payment.expiresAt) ? undefined : 'expires_at_not_later';
    case 'freeze':
      return payment.frozen.includes(command.cause) ? 'already_frozen' : undefined;
    case 'thaw':
      if (!payment.frozen.includes(command.cause)) return 'not_frozen';
      if (command.cause !== 'conflict' || books === 'agree') return undefined;
      return books === 'behind' ? 'books_behind' : 'books_differ';
  }
}

/** A sale takes what it holds. Whether more than that fits its basket, only the lines of the apply tell. */
function isBesideHold({ payment, rules }: Decided, command: Apply): boolean {
  const isByItself = command.lines === undefined && command.parent === undefined;
  return isByItself && decidesBy(rules, 2) && heldForSale(payment, command) > 0;
}

/** So that no caller locks a payment for all others; what it has open it may give another size. */
function hasTooManyHolds({ payment, rules }: Decided, { by }: Command): boolean {
  return decidesBy(rules, 2) && countHoldsOf(payment, by) >= room.openHoldsOfCaller;
}

/**
 * What the books have to say first is not remembered, for it will change. Where refusals have no room, a refusal that
 * could never turn into a purchase is told all the same.
 */
function refusing(state: Decided, command: Command, code: RefusalCode, nowMs: number): Decision {
  if (code === 'books_behind' || code === 'books_differ' || state.books === 'differ')
    return { outcome: 'turned_away', code };
  if (hasRoomForRefusal(state, command, nowMs)) return { outcome: 'refused', code };
  const isHarmless = command.kind === 'refund' || command.kind === 'capture' || command.kind === 'release';
  return { outcome: 'turned_away', code: isHarmless ? code : 'try_later' };
}

function isFor(hold: OpenHold, command: Capture): boolean {
  if ('saleId' in command) return 'saleId' in hold && isSameSale(hold, command);
  return 'giftId' in hold && hold.giftId === command.giftId;
}

function isSpending(command: Command): command is Apply | Hold | PayOut {
  return command.kind === 'apply' || command.kind === 'hold' || command.kind === 'payOut';
}

function endOfHold(memory: Memory, holdId: string): RefusalCode | undefined {
  const end = memory.endedHolds.get(shortHash(holdId));
  return end && (end === 'expired' ? 'hold_expired' : 'hold_closed');
}

function isLater(proposed: string | null, current: string | null): boolean {
  return current !== null && (proposed === null || proposed > current);
}
