import { totalOf } from '../../domain/basket.js';
import { quote, type Offered, type Share, type Taken } from '../../domain/sale/quote.js';
import type { SaleView } from '../../domain/sale/sale.js';
import type { AccountPaymentView } from '../../domain/payment/payment.js';
import { printOf, type Draft } from './draft.js';

/** What may be used of a payment, this sale's own hold of it included. */
export type Offer = Offered & Pick<AccountPaymentView, 'purpose' | 'customerId' | 'currency'>;

/** The hold of this sale that a till can complete, replace or let go of. */
export type OpenHold = {
  readonly holdId: string;
  /** For which basket; unknown when it was made elsewhere and the books do not tell. */
  readonly basket: string | undefined;
  readonly until: string | undefined;
  readonly shares: readonly Share[];
  readonly totalMinor: number | undefined;
};

export function sharesHeld(sale: SaleView | undefined): Share[] {
  const held = (sale?.payments ?? []).filter(({ heldMinor }) => heldMinor > 0);
  return held.map(({ reference, heldMinor: amountMinor }) => ({ reference, amountMinor }));
}

/** Whether the basket is another one than what is held was meant for. */
export function isChangedSince({ basket, totalMinor }: OpenHold, { lines }: Pick<Draft, 'lines'>): boolean {
  if (basket !== undefined) return basket !== printOf(lines);
  return totalMinor !== undefined && totalMinor !== totalOf(lines);
}

/** What a sale holds already it may use as well. */
export function withOwnHold<Each extends Offered>(offers: readonly Each[], held: readonly Share[]): Each[] {
  return offers.map((offer) => ({ ...offer, availableMinor: offer.availableMinor + amountOf(held, offer.reference) }));
}

export function amountOf(shares: readonly Share[], reference: string): number {
  return shares.find((each) => each.reference === reference)?.amountMinor ?? 0;
}

/**
 * How much to use of each payment: what the cashier chose, and of the others what is held or, when nothing is or the
 * basket has changed, as much as they cover of what is left.
 */
export function proposedShares(
  draft: Draft,
  offers: readonly Offer[],
  taken: readonly Taken[],
  hold: OpenHold | undefined,
): Share[] {
  const { lines, chosen, otherMinor } = draft;
  const open = offers.filter(({ reference }) => chosen.every((each) => each.reference !== reference));
  if (hold && !isChangedSince(hold, draft))
    return open.map(({ reference }) => ({ reference, amountMinor: amountOf(hold.shares, reference) }));
  if (lines.length === 0) return [];
  const asTaken = chosen.map(({ reference, amountMinor }): Taken => {
    const productId = offers.find((each) => each.reference === reference)?.productId ?? null;
    return { reference, productId, takenMinor: amountMinor };
  });
  const byOthers: Taken = { reference: '', productId: null, takenMinor: otherMinor };
  return quote(lines, open, [...taken, ...asTaken, byOthers]).payments.map(({ reference, amountMinor }) => ({
    reference,
    amountMinor,
  }));
}
