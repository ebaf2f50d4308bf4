import { scopeOf, type Scope } from '../payment/command.js';
import { inheritedFrom, type AccountPaymentView, type Inherited } from '../payment/payment.js';
import type { SaleTotals } from '../payment/state.js';
import type { SaleFigure } from './return.js';
import type { SaleView } from './sale.js';

/** What a payment's own workflow says of a sale. */
export type LiveFigure = SaleTotals & { readonly heldMinor: number; readonly payment: AccountPaymentView };

/** What the books have of a sale at one payment. */
export type BookedFigure = SaleTotals &
  Inherited & {
    readonly reference: string;
    readonly customerId: string;
    readonly currency: string;
    readonly type: Scope['type'];
    readonly productId: string | null;
    /** Given back in its place, recorded or only reserved, and what was kept of that. */
    readonly replacedMinor: number;
    readonly replacedKeptMinor: number;
    readonly isIssuedInError: boolean;
    readonly revision: number;
    readonly lastTakenAt: string;
  };

/**
 * What a sale has of a payment: the payment's own word for what it did as long as its workflow is there, and the books'
 * for what was given back in its place. What was issued in error is nobody's to get back.
 */
export function figureOf(live: LiveFigure | undefined, booked: BookedFigure | undefined): SaleFigure | undefined {
  const told = live ? { ...live.payment, ...totalsIn(live) } : booked;
  if (!told) return undefined;
  const { reference, customerId, currency, type, productId, takenMinor, revision } = told;
  const keptMinor = told.keptMinor + (booked?.replacedKeptMinor ?? 0);
  const givenBackMinor = booked?.isIssuedInError
    ? takenMinor - keptMinor
    : told.givenBackMinor + (booked?.replacedMinor ?? 0);
  return {
    reference,
    customerId,
    currency,
    scope: scopeOf(type, productId),
    inherited: inheritedFrom(told),
    takenMinor,
    givenBackMinor,
    keptMinor,
    heldMinor: live?.heldMinor ?? 0,
    lastTakenAt: booked?.lastTakenAt ?? null,
    revision,
  };
}

/**
 * A sale with what its payments say of it now, those too that it does not draw on itself. What was applied to it in
 * another currency is in none of its figures.
 */
export function withWordsOfPayments(view: SaleView, figures: readonly SaleFigure[]): SaleView {
  const own = figures.filter(({ currency }) => currency === view.currency);
  const payments = view.payments.map((each) => {
    const isTold = figures.some(({ reference }) => reference === each.reference);
    const figure = own.find(({ reference }) => reference === each.reference);
    return isTold ? { ...each, ...(figure ? totalsIn(figure) : NOTHING) } : each;
  });
  const others = own.filter(({ reference }) => payments.every((each) => each.reference !== reference));
  const sum = (amount: (each: SaleTotals) => number) =>
    [...payments, ...others].reduce((total, each) => total + amount(each), 0);
  return {
    ...view,
    payments,
    takenMinor: sum((each) => each.takenMinor),
    givenBackMinor: sum((each) => each.givenBackMinor),
    keptMinor: sum((each) => each.keptMinor),
  };
}

const NOTHING: SaleTotals = { takenMinor: 0, givenBackMinor: 0, keptMinor: 0 };

export function totalsIn({ takenMinor, givenBackMinor, keptMinor }: SaleTotals): SaleTotals {
  return { takenMinor, givenBackMinor, keptMinor };
}
