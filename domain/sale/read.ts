import type { SaleKey } from '../payment/command.js';
import { totalsIn } from './figure.js';
import { saleStatuses } from './phases.js';
import type { SaleFigure } from './return.js';
import type { ReturnView, SaleView, SourceView } from './sale.js';

/** What a sale is told to be. One that nobody held or settled as a whole was paid by single applies. */
export const saleReadStatuses = [...saleStatuses, 'applied'] as const;

/** Each payment in its own currency, of whomever it is. */
export type PaymentOfSale = SourceView & { readonly customerId: string; readonly currency: string };

/** What a sale that was paid by single applies has not: nobody told its basket, or held anything. */
type OfAttempt = 'totalMinor' | 'leftToPayMinor' | 'holdId' | 'holdExpiresAt';

/** A sale however it was paid. Its own figures are in its currency; what payments in others gave stands with these. */
export type SaleRead = Omit<SaleView, 'status' | 'payments' | OfAttempt> & {
  [Name in OfAttempt]: SaleView[Name] | null;
} & {
  status: (typeof saleReadStatuses)[number];
  payments: PaymentOfSale[];
};

/** A sale that was begun as a whole, with all payments that gave anything. */
export function readOf(view: SaleView, figures: readonly SaleFigure[]): SaleRead {
  const { customerId, currency } = view;
  const drawn = view.payments.map((each) => {
    const figure = figures.find(({ reference }) => reference === each.reference);
    return figure ? { ...each, ...toldBy(figure) } : { ...each, customerId, currency };
  });
  const others = figures.filter(({ reference }) => drawn.every((each) => each.reference !== reference));
  return { ...view, payments: [...drawn, ...others.map(paymentOf)] };
}

/** A sale that was paid by single applies: the customer and the currency are those of the first of its payments. */
export function appliedRead(
  key: SaleKey,
  figures: readonly SaleFigure[],
  returns: readonly ReturnView[],
): SaleRead | undefined {
  const [first] = figures;
  if (!first) return undefined;
  const { customerId, currency } = first;
  const own = figures.filter((each) => each.currency === currency);
  const sum = (amount: (each: SaleFigure) => number) => own.reduce((total, each) => total + amount(each), 0);
  return {
    ...key,
    customerId,
    status: 'applied',
    currency,
    totalMinor: null,
    heldMinor: sum((each) => each.heldMinor),
    takenMinor: sum((each) => each.takenMinor),
    givenBackMinor: sum((each) => each.givenBackMinor),
    keptMinor: sum((each) => each.keptMinor),
    missingMinor: 0,
    leftToPayMinor: null,
    holdId: null,
    holdExpiresAt: null,
    payments: figures.map(paymentOf),
    returns: [...returns],
  };
}

function paymentOf(figure: SaleFigure): PaymentOfSale {
  const { reference, heldMinor, revision } = figure;
  return { reference, heldMinor, missingMinor: 0, revision, ...toldBy(figure) };
}

function toldBy(figure: SaleFigure) {
  const { customerId, currency } = figure;
  return { customerId, currency, ...totalsIn(figure) };
}
