import type { Command } from './command.js';
import { fitsMinor, isForSale, refundableMinor } from './decide.js';
import { availableOf, heldOf, resized } from './payment.js';
import type { RefusalCode } from '../refusals.js';
import type { State } from './state.js';

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
  hold_open: ({ payment }) => ({ heldMinor: heldOf(payment) }),
  exceeds_held_amount: ({ payment }, command) => {
    const holdId = command.kind === 'capture' ? command.holdId : undefined;
    return { heldMinor: payment.holds.find((hold) => hold.holdId === holdId)?.amountMinor ?? 0 };
  },
};
