import { totalOf, totalsByProduct } from '../basket.js';
import type { By, Line, SaleKey, Scope } from '../payment/command.js';
import { leftMinor } from '../payment/figures.js';
import type { Instant } from '../instants.js';
import type { Inherited } from '../payment/payment.js';
import type { RefusalCode } from '../refusals.js';
import type { NotReturned, Return, ReturnSale, ReturnView } from './sale.js';

/** What one payment says that a sale took of it and got back, replacements counted. The payment owns this figure. */
export type SaleFigure = {
  readonly reference: string;
  readonly customerId: string;
  readonly currency: string;
  readonly scope: Scope;
  readonly inherited: Inherited;
  readonly takenMinor: number;
  readonly givenBackMinor: number;
  readonly keptMinor: number;
  /** In holds for the sale that are open. */
  readonly heldMinor: number;
  /** When it was last used for the sale, as far as the books know. */
  readonly lastTakenAt: Instant | null;
  /** The payment's. */
  readonly revision: number;
};

/** A part of a return: what goes back to one payment, and what the shop keeps of it as a fee. */
export type Part = { readonly reference: string; readonly amountMinor: number; readonly keptMinor: number };

export type Planned = {
  readonly parts: readonly Part[];
  /** Of what came back, this much was paid by another tender. */
  readonly otherTenderMinor: number;
  /** Put together from what it had begun to give back: the rest of what was planned nobody knows. */
  readonly toldBy?: 'steps';
};

/** What a return is about to give back, as it is written down before its first step. */
export type SalePlan = SaleKey & {
  readonly commandId: string;
  readonly bodyHash: string;
  readonly plan: Planned;
};

/** A fee that is all that a return would have given back of an ended payment. */
export type KeptFee = SaleKey & {
  readonly commandId: string;
  readonly returnId: string;
  readonly by: By;
  readonly reference: string;
  readonly keptMinor: number;
};

export type ReturnPlan = Planned | { readonly code: RefusalCode; readonly refundableMinor?: number };

/** What a return would do, told in the form of one that was carried out. */
export function previewOf({ parts, otherTenderMinor }: Planned, { commandId, reason }: ReturnSale): ReturnView {
  return {
    returnId: commandId,
    at: null,
    otherTenderMinor,
    reason: reason ?? null,
    notReturned: [],
    amountMinor: sum(parts.map((part) => part.amountMinor)),
    keptMinor: sum(parts.map((part) => part.keptMinor)),
    returned: parts.map((part) => ({ ...part, replacement: null, revision: 0 })),
  };
}

/** What is known of a sale when a return is planned. `lines` is null when nobody stored its basket. */
export type Sold = {
  readonly figures: readonly SaleFigure[];
  readonly lines: readonly Line[] | null;
  readonly returns: readonly Pick<Return, 'lines' | 'otherTenderMinor'>[];
};

/** The same, as the books have it, where each return of an earlier life has its id. */
export type SoldBefore = Omit<Sold, 'returns'> & {
  /** Away, there are figures of the payments alone that the sale itself knows of. */
  readonly books: 'there' | 'away';
  readonly returns: readonly Pick<Return, 'commandId' | 'lines' | 'otherTenderMinor'>[];
};

/**
 * Which payment gets back how much. Lines of a product go to the product-specific payments that paid for them, and what
 * these did not pay to the generic ones; an amount without lines to any. Last used first. Of lines that were paid in
 * part by another tender, credit goes back first unless the return says otherwise.
 * @param sold with the figures in the order in which the payments were used
 */
export function planReturn(sold: Sold, command: ReturnSale): ReturnPlan {
  const figures = sold.figures.filter(({ currency }) => currency === command.currency);
  const { lines, payments, amountMinor, keptMinor = 0 } = command;
  if (figures.length === 0) return { code: 'currency_mismatch' };
  const refundableMinor = sum(figures.map(leftMinor));
  if (payments) return named(figures, payments, keptMinor);
  if (!lines) {
    const backMinor = amountMinor ?? refundableMinor - keptMinor;
    if (backMinor < 0 || backMinor + keptMinor > refundableMinor || refundableMinor === 0)
      return { code: 'exceeds_refundable', refundableMinor };
    return { parts: partsOf(place(figures, backMinor + keptMinor), keptMinor), otherTenderMinor: 0 };
  }
  if (!sold.lines) return { code: 'basket_unknown' };
  const misfit = misfitOf(sold.lines, sold.returns, lines);
  if (misfit) return { code: misfit };
  return ofLines({ ...sold, figures }, sold.lines, command, lines);
}

function ofLines(
  { figures, returns }: Sold,
  basket: readonly Line[],
  { amountMinor, keptMinor = 0, order = 'creditFirst' }: ReturnSale,
  lines: readonly Line[],
): ReturnPlan {
  const cameBackMinor = totalOf(lines);
  const fitting = placeLines(figures, lines);
  const coveredMinor = sum(fitting.map((part) => part.placedMinor));
  if (amountMinor !== undefined && amountMinor + keptMinor > cameBackMinor) return { code: 'exceeds_basket' };
  if (amountMinor !== undefined && amountMinor + keptMinor > coveredMinor)
    return { code: 'exceeds_refundable', refundableMinor: coveredMinor };
  const otherBeforeMinor = sum(returns.map((each) => each.otherTenderMinor));
  const paidOtherwiseMinor = Math.max(
    0,
    totalOf(basket) - sum(figures.map((each) => each.takenMinor)) - otherBeforeMinor,
  );
  const isOfOther = (amountMinor: number) => Math.min(amountMinor, paidOtherwiseMinor);
  const firstOtherMinor = order === 'otherFirst' ? isOfOther(cameBackMinor) : 0;
  const creditMinor =
    amountMinor === undefined ? Math.min(coveredMinor, cameBackMinor - firstOtherMinor) : amountMinor + keptMinor;
  const otherTenderMinor = isOfOther(cameBackMinor - creditMinor);
  if (creditMinor < keptMinor || (creditMinor === 0 && otherTenderMinor === 0))
    return { code: 'exceeds_refundable', refundableMinor: coveredMinor };
  const parts = partsOf(limited(fitting, creditMinor), keptMinor);
  return { parts, otherTenderMinor };
}

/**
 * What the payments said is left of parts that were more than the sale still has of them; a part that is gone stays
 * out. The fee that was to be kept of all that failed is kept of what is left.
 */
export function planAgain(parts: readonly Part[], failed: readonly NotReturned[]): Part[] {
  const isFailed = ({ reference }: Part) => failed.some((each) => each.reference === reference);
  const left = failed.map(({ reference, refundableMinor = 0 }) => ({ reference, placedMinor: refundableMinor }));
  return partsOf(left, sum(parts.filter(isFailed).map((part) => part.keptMinor)));
}

/** Whether what a payment did not take back is issued anew in its place: it has ended. */
export function isReplaced(code: RefusalCode): boolean {
  return code === 'payment_expired' || code === 'payment_cancelled';
}

type Placed = { readonly reference: string; readonly placedMinor: number };

/** So much of each payment, last used first. */
function place(figures: readonly SaleFigure[], totalMinor: number): Placed[] {
  let restMinor = totalMinor;
  return figures.toReversed().map((figure) => {
    const placedMinor = Math.min(leftMinor(figure), restMinor);
    restMinor -= placedMinor;
    return { reference: figure.reference, placedMinor };
  });
}

/** The most that each payment can get back for these lines, last used first. */
function placeLines(figures: readonly SaleFigure[], lines: readonly Line[]): Placed[] {
  const pots = figures.toReversed().map((figure) => ({ figure, leftMinor: leftMinor(figure), placedMinor: 0 }));
  const give = (fits: (figure: SaleFigure) => boolean, atMostMinor: number): number => {
    let restMinor = atMostMinor;
    for (const pot of pots.filter(({ figure }) => fits(figure))) {
      const amount = Math.min(pot.leftMinor, restMinor);
      pot.leftMinor -= amount;
      pot.placedMinor += amount;
      restMinor -= amount;
    }
    return restMinor;
  };
  let forGenericMinor = 0;
  for (const [productId, totalMinor] of totalsByProduct(lines))
    forGenericMinor += give(
      ({ scope }) => scope.type === 'product_specific' && scope.productId === productId,
      totalMinor,
    );
  give(({ scope }) => scope.type === 'generic', forGenericMinor);
  return pots.map(({ figure: { reference }, placedMinor }) => ({ reference, placedMinor }));
}

function limited(placed: readonly Placed[], totalMinor: number): Placed[] {
  let restMinor = totalMinor;
  return placed.map(({ reference, placedMinor }) => {
    const amount = Math.min(placedMinor, restMinor);
    restMinor -= amount;
    return { reference, placedMinor: amount };
  });
}

/** The fee is kept of what comes first. */
function partsOf(placed: readonly Placed[], totalKeptMinor: number): Part[] {
  let keepMinor = totalKeptMinor;
  return placed
    .filter(({ placedMinor }) => placedMinor > 0)
    .map(({ reference, placedMinor }) => {
      const keptMinor = Math.min(placedMinor, keepMinor);
      keepMinor -= keptMinor;
      return { reference, amountMinor: placedMinor - keptMinor, keptMinor };
    });
}

/** The till says which payment gets what; the fee comes on top, of the first that has room for it. */
function named(
  figures: readonly SaleFigure[],
  shares: readonly { reference: string; amountMinor: number }[],
  totalKeptMinor: number,
): ReturnPlan {
  let keepMinor = totalKeptMinor;
  const parts: Part[] = [];
  for (const { reference, amountMinor } of shares) {
    const figure = figures.find((each) => each.reference === reference);
    if (!figure) return { code: 'payment_not_in_sale' };
    const roomMinor = leftMinor(figure) - amountMinor;
    if (roomMinor < 0) return { code: 'exceeds_refundable', refundableMinor: leftMinor(figure) };
    const keptMinor = Math.min(roomMinor, keepMinor);
    keepMinor -= keptMinor;
    parts.push({ reference, amountMinor, keptMinor });
  }
  if (keepMinor > 0) return { code: 'exceeds_refundable', refundableMinor: sum(figures.map(leftMinor)) };
  return { parts, otherTenderMinor: 0 };
}

/** Of each product no more comes back than was sold and has not come back yet. */
function misfitOf(sold: readonly Line[], before: Sold['returns'], lines: readonly Line[]): RefusalCode | undefined {
  const soldMinor = totalsByProduct(sold);
  const cameBackMinor = totalsByProduct(before.flatMap((each) => each.lines));
  for (const [productId, amountMinor] of totalsByProduct(lines)) {
    const total = soldMinor.get(productId);
    if (total === undefined) return 'product_not_in_sale';
    if ((cameBackMinor.get(productId) ?? 0) + amountMinor > total) return 'exceeds_product_total';
  }
  return undefined;
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, each) => total + each, 0);
}
