import { availableOf, heldOf, type AccountPayment, type OpenHold } from './payment.js';
import { bodyHash, type Apply, type Capture, type Command, type Hold, type Refund } from './command.js';
import { hasPassed } from '../instants.js';
import type { PassingRefusalCode, RefusalCode } from '../refusals.js';
import { hasRoomFor, hasRoomForRefusal } from './limits.js';
import { shortBodyHash, shortHash, type Accepted, type Memory, type Refused, type State } from './state.js';

export type Decision =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'refused'; readonly code: RefusalCode }
  | { readonly outcome: 'replayed'; readonly first: Accepted | Refused }
  | { readonly outcome: 'turned_away'; readonly code: PassingRefusalCode };

/**
 * What becomes of a command that reaches a payment in this state at this moment. Changes nothing. The first rung that
 * speaks has the word; the rungs stand in the order of the table of refusals.
 */
export function decide(state: State, command: Command, nowMs: number): Decision {
  const seen = recall(state.memory, command);
  if (seen) return seen;
  const code =
    ownership(state.payment, command) ??
    returning(state, command) ??
    standing(state.payment, command, nowMs) ??
    currency(state.payment, command) ??
    product(state, command) ??
    amount(state, command, nowMs) ??
    particulars(state, command, nowMs);
  if (code)
    return hasRoomForRefusal(state, nowMs)
      ? { outcome: 'refused', code }
      : { outcome: 'turned_away', code: 'try_later' };
  return hasRoomFor(state, command) ? { outcome: 'accepted' } : { outcome: 'turned_away', code: 'try_later' };
}

function recall({ accepted, refused }: Memory, command: Command): Decision | undefined {
  const id = shortHash(command.commandId);
  const first = accepted.get(id) ?? refused.get(id);
  if (!first) return undefined;
  return first.bodyHash === shortBodyHash(bodyHash(command))
    ? { outcome: 'replayed', first }
    : { outcome: 'turned_away', code: 'command_id_reused' };
}

/** Another customer's payment is told apart from none at all by nobody who only has a reference. */
function ownership({ terms }: AccountPayment, command: Command): RefusalCode | undefined {
  return isSpending(command) && command.customerId !== terms.customerId ? 'payment_not_found' : undefined;
}

/** Asked before the status: a sale that has got all of it back hears so of an ended payment too. */
function returning({ memory }: State, command: Command): RefusalCode | undefined {
  return command.kind === 'refund' && command.amountMinor > refundableMinor(memory, command.saleId)
    ? 'exceeds_refundable'
    : undefined;
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

function currency({ terms }: AccountPayment, command: Command): RefusalCode | undefined {
  return 'currency' in command && command.currency !== terms.currency ? 'currency_mismatch' : undefined;
}

function product({ payment, memory }: State, command: Command): RefusalCode | undefined {
  const { scope } = payment.terms;
  if (!isSpending(command) || scope.type === 'generic' || !('saleId' in command)) return undefined;
  const { saleId } = command;
  const lines = (command.lines ?? []).filter((line) => line.productId === scope.productId);
  if (lines.length === 0) return 'product_not_in_sale';
  const totalMinor = lines.reduce((sum, line) => sum + line.amountMinor, 0);
  const held = payment.holds.filter((hold) => 'saleId' in hold && hold.saleId === saleId);
  const promisedMinor = held.reduce((sum, hold) => sum + hold.amountMinor, refundableMinor(memory, saleId));
  return promisedMinor + command.amountMinor > totalMinor ? 'exceeds_product_total' : undefined;
}

function amount({ payment }: State, command: Command, nowMs: number): RefusalCode | undefined {
  return isSpending(command) && command.amountMinor > availableOf(payment, nowMs) ? 'insufficient_balance' : undefined;
}

function particulars({ payment, memory }: State, command: Command, nowMs: number): RefusalCode | undefined {
  switch (command.kind) {
    case 'apply':
    case 'refund':
      return undefined;
    case 'hold':
      return memory.endedHolds.has(shortHash(command.commandId)) ? 'hold_closed' : undefined;
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
  }
}

function isFor(hold: OpenHold, command: Capture): boolean {
  if ('saleId' in command) return 'saleId' in hold && hold.saleId === command.saleId;
  return 'giftId' in hold && hold.giftId === command.giftId;
}

function isSpending(command: Command): command is Apply | Hold {
  return command.kind === 'apply' || command.kind === 'hold';
}

/** What a sale has taken and not got back. */
export function refundableMinor(memory: Memory, saleId: Refund['saleId']): number {
  const sale = memory.sales.get(shortHash(saleId));
  return sale ? sale.takenMinor - sale.refundedMinor : 0;
}

function endOfHold(memory: Memory, holdId: string): RefusalCode | undefined {
  const end = memory.endedHolds.get(shortHash(holdId));
  return end && (end === 'expired' ? 'hold_expired' : 'hold_closed');
}

function isLater(proposed: string | null, current: string | null): boolean {
  return current !== null && (proposed === null || proposed > current);
}
