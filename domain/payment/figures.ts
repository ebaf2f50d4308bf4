import { totalOf } from '../basket.js';
import { isSameSale, type Apply, type Command, type Hold, type SaleKey } from './command.js';
import { availableOf, heldForSale, heldOf, resized, type OpenHold } from './payment.js';
import type { RefusalCode } from '../refusals.js';
import { saleTotals, type Memory, type SaleTotals, type State } from './state.js';

/** What would have been right, beside a refusal. In the currency's minor unit. */
export type Figures = {
  readonly availableMinor?: number;
  /** What the sale has taken of this payment and not got back. */
  readonly refundableMinor?: number;
  /** What of the basket this payment may still pay. */
  readonly fitsMinor?: number;
  readonly takenMinor?: number;
  readonly heldMinor?: number;
};

type Told = Readonly<Pick<State, 'payment' | 'memory'>>;

export function figuresOf(state: Told, command: Command, code: RefusalCode, nowMs: number): Figures {
  return figureOf[code]?.(state, command, nowMs) ?? {};
}

const fits = (state: Told, command: Command): Figures =>
  isForSale(command) ? { fitsMinor: fitsMinor(state, command) } : {};

const figureOf: Partial<Record<RefusalCode, (state: Told, command: Command, nowMs: number) => Figures>> = {
  // A hold that grows has what it holds already.
  insufficient_balance: ({ payment }, command, nowMs) => {
    const ownMinor = command.kind === 'hold' ? (resized(payment, command)?.amountMinor ?? 0) : 0;
    return { availableMinor: availableOf(payment, nowMs) + ownMinor };
  },
  exceeds_refundable: ({ memory }, command) =>
    command.kind === 'refund' ? { refundableMinor: refundableMinor(memory, command) } : {},
  exceeds_basket: fits,
  exceeds_product_total: fits,
  sale_exists: ({ memory }, command) => (isForSale(command) ? { takenMinor: refundableMinor(memory, command) } : {}),
  hold_open: ({ payment }, command) => ({
    heldMinor: command.kind === 'apply' ? heldForSale(payment, command) : heldOf(payment),
  }),
  exceeds_held_amount: ({ payment }, command) => {
    const holdId = command.kind === 'capture' ? command.holdId : undefined;
    return { heldMinor: payment.holds.find((hold) => hold.holdId === holdId)?.amountMinor ?? 0 };
  },
};

export type ForSale = (Apply | Hold) & SaleKey;

export function isForSale(command: Command): command is ForSale {
  return (command.kind === 'apply' || command.kind === 'hold') && 'saleId' in command;
}

/** What of the basket this payment may still pay: its product's lines, or all, less what the sale has of it already. */
export function fitsMinor({ payment, memory }: Told, command: ForSale): number {
  const { scope } = payment.terms;
  const { lines = [] } = command;
  const ours = lines.filter(({ productId }) => scope.type === 'generic' || productId === scope.productId);
  const other = (hold: OpenHold) => command.kind !== 'hold' || hold.holdId !== command.resizes;
  const held = payment.holds.filter((hold) => 'saleId' in hold && isSameSale(hold, command) && other(hold));
  return Math.max(0, totalOf(ours) - totalOf(held) - refundableMinor(memory, command));
}

/** What this sale may still give back. */
export function refundableMinor(memory: Memory, sale: SaleKey): number {
  return leftMinor(saleTotals(memory, sale));
}

/** What a sale has taken, and has neither given back nor kept when it did. */
export function leftMinor({ takenMinor, givenBackMinor, keptMinor }: SaleTotals): number {
  return takenMinor - givenBackMinor - keptMinor;
}
