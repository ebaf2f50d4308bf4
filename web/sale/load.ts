import { findCredits, type Credit } from '../../db/payment/accountPayments.js';
import { whileAway, within } from '../../db/outage.js';
import { bookedFigures } from '../../db/payment/refundable.js';
import { namesInSale, type Names } from '../../db/sale/names.js';
import { findBasket, findReturns } from '../../db/sale/saleCommands.js';
import type { Sql } from '../../db/connect.js';
import { totalsByProduct } from '../../domain/basket.js';
import type { Line, SaleKey } from '../../domain/payment/command.js';
import { leftMinor } from '../../domain/payment/figures.js';
import type { SaleTotals } from '../../domain/payment/state.js';
import { figureOf, totalsIn } from '../../domain/sale/figure.js';
import { hasComeToNothing } from '../../domain/sale/phases.js';
import type { SaleFigure } from '../../domain/sale/return.js';
import type { Return, ReturnView, SaleView, SourceView } from '../../domain/sale/sale.js';
import { viewOfReturn } from '../../domain/sale/view.js';
import type { Parts } from '../../service/parts.js';
import { readBookedSale, readSale } from '../../service/sale/read.js';
import { ActorsUnavailable } from '../../service/temporal.js';

/** A product of the basket: what it came to, and what of that has come back. */
export type SoldLine = { readonly productId: string; readonly soldMinor: number; readonly cameBackMinor: number };

export type PaymentOfSale = Omit<SourceView, 'revision'> & { readonly currency: string };

/** What a sale took in one currency, got back and left with the shop. */
type TotalOfSale = SaleTotals & { readonly currency: string };

/** A sale as its pages tell of it. */
export type SaleShown = {
  readonly key: SaleKey;
  /** Null of a sale that nobody held or settled: payments were applied one by one. */
  readonly view: SaleView | null;
  readonly currency: string;
  /** One a currency, its own first. */
  readonly totals: readonly TotalOfSale[];
  readonly customerIds: readonly string[];
  readonly payments: readonly PaymentOfSale[];
  /** Null when nobody stored its basket, or came to nothing with it, or while the books are away. */
  readonly lines: readonly SoldLine[] | null;
  readonly returns: readonly ReturnView[];
  readonly credits: readonly Credit[];
  readonly names: Names;
  readonly books: 'there' | 'away';
  /** Away, all of it is as the books have it, which may be behind. */
  readonly actors: 'there' | 'away';
};

const PATIENCE_MS = 2_000;
const NO_NAMES: Names = { customers: new Map(), products: new Map() };

/**
 * A sale with all that its pages show; what only the books know is missing while they are away.
 * @throws RecordsUnavailable when nobody can tell of it
 */
export async function loadSale(parts: Parts, key: SaleKey): Promise<SaleShown | undefined> {
  const [{ read, actors }, booked] = await Promise.all([readOrBooked(parts, key), bookedOf(parts.sql, key)]);
  const figures = booked?.figures ?? [];
  const currency = read?.currency ?? figures[0]?.currency;
  if (currency === undefined) return undefined;
  const payments = [...drawnBy(read, figures), ...figures.filter(isNotOf(read)).map(asPayment)];
  const customerIds = [...new Set([...(read ? [read.customerId] : []), ...figures.map((each) => each.customerId)])];
  const isSold = !read || !hasComeToNothing(read.status);
  const lines = booked?.basket && isSold ? soldLines(booked.basket, booked.returns) : null;
  const productIds = lines?.map(({ productId }) => productId) ?? [];
  return {
    key,
    view: read ?? null,
    currency,
    totals: totalsOf(currency, read, payments),
    customerIds,
    payments,
    lines,
    returns: read?.returns ?? booked?.returns.map(viewOfReturn) ?? [],
    credits: booked?.credits ?? [],
    names: booked ? await orNone(namesInSale(parts.sql, { customerIds, productIds })) : NO_NAMES,
    books: booked ? 'there' : 'away',
    actors,
  };
}

type Reading = { readonly read: SaleView | undefined; readonly actors: SaleShown['actors'] };

async function readOrBooked(parts: Parts, key: SaleKey): Promise<Reading> {
  try {
    return { read: await readSale(parts, key), actors: 'there' };
  } catch (error) {
    if (!(error instanceof ActorsUnavailable)) throw error;
    return { read: await readBookedSale(parts, key), actors: 'away' };
  }
}

/**
 * The sale as far as it goes in one of its currencies: no return gives back in two. Its basket is in its own.
 * @param currency its own unless said, or when nothing was paid in that
 */
export function inCurrency(sale: SaleShown, currency = sale.currency): SaleShown {
  const payments = sale.payments.filter((each) => each.currency === currency);
  if (currency === sale.currency) return { ...sale, payments };
  return payments.length === 0 ? inCurrency(sale) : { ...sale, currency, payments, lines: null };
}

/** What the sale still has of account payments, and may give back. */
export function leftOf({ payments }: SaleShown): number {
  return sumOf(payments, leftMinor);
}

export function sumOf(payments: readonly PaymentOfSale[], amount: (each: PaymentOfSale) => number): number {
  return payments.reduce((sum, each) => sum + amount(each), 0);
}

type Booked = {
  readonly figures: readonly SaleFigure[];
  readonly basket: readonly Line[] | undefined;
  readonly returns: readonly Return[];
  readonly credits: readonly Credit[];
};

async function bookedOf(sql: Sql, key: SaleKey): Promise<Booked | undefined> {
  const asked = [bookedFigures(sql, key), findBasket(sql, key), findReturns(sql, key), findCredits(sql, key)] as const;
  const booked = await within(PATIENCE_MS, Promise.all(asked)).catch(whileAway(undefined));
  if (!booked) return undefined;
  const [rows, basket, returns, credits] = booked;
  return { figures: rows.flatMap((row) => figureOf(undefined, row) ?? []), basket, returns, credits };
}

async function orNone(asked: Promise<Names>): Promise<Names> {
  return within(PATIENCE_MS, asked).catch(whileAway(NO_NAMES));
}

/** What was applied to it in another currency is told by the books alone. */
function drawnBy(view: SaleView | undefined, figures: readonly SaleFigure[]): PaymentOfSale[] {
  if (!view) return [];
  const { currency } = view;
  return view.payments.map((each) => {
    const figure = figures.find(({ reference }) => reference === each.reference);
    return figure && figure.currency !== currency ? asPayment(figure) : { ...each, currency };
  });
}

function totalsOf(own: string, view: SaleView | undefined, payments: readonly PaymentOfSale[]): TotalOfSale[] {
  return [...new Set([own, ...payments.map(({ currency }) => currency)])].map((currency) => {
    if (view && currency === view.currency) return { currency, ...totalsIn(view) };
    const some = payments.filter((each) => each.currency === currency);
    const sum = (amount: (each: PaymentOfSale) => number) => sumOf(some, amount);
    return {
      currency,
      takenMinor: sum((each) => each.takenMinor),
      givenBackMinor: sum((each) => each.givenBackMinor),
      keptMinor: sum((each) => each.keptMinor),
    };
  });
}

function isNotOf(view: SaleView | undefined) {
  return ({ reference }: SaleFigure) => !view?.payments.some((each) => each.reference === reference);
}

function asPayment(figure: SaleFigure): PaymentOfSale {
  const { reference, currency, heldMinor } = figure;
  return { reference, currency, heldMinor, missingMinor: 0, ...totalsIn(figure) };
}

function soldLines(basket: readonly Line[], returns: readonly Return[]): SoldLine[] {
  const cameBack = totalsByProduct(returns.flatMap(({ lines }) => lines));
  return [...totalsByProduct(basket)].map(([productId, soldMinor]) => ({
    productId,
    soldMinor,
    cameBackMinor: cameBack.get(productId) ?? 0,
  }));
}
