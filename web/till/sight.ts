import type { Sql } from '../../db/connect.js';
import { applicablePayments, customerTotals, type CustomerTotal } from '../../db/customer/accounts.js';
import { findCustomer } from '../../db/customer/customers.js';
import { isRecordsOutage, within } from '../../db/outage.js';
import { takenBySale } from '../../db/payment/refundable.js';
import { productNames } from '../../db/product/productNames.js';
import { salespeopleOf, type Salesperson } from '../../db/staff/salespeople.js';
import { findSale } from '../../db/sale/saleCommands.js';
import type { SaleKey } from '../../domain/payment/command.js';
import { leftMinor } from '../../domain/payment/figures.js';
import { takenOfCustomer } from '../../domain/sale/booked.js';
import type { Taken } from '../../domain/sale/quote.js';
import type { SaleView } from '../../domain/sale/sale.js';
import type { Shop } from '../../domain/shop.js';
import type { Parts } from '../../service/parts.js';
import { readBookedSale, readSale } from '../../service/sale/read.js';
import { ActorsUnavailable } from '../../service/temporal.js';
import { printOf, type Draft } from './draft.js';
import { proposedShares, sharesHeld, type OpenHold } from './offers.js';
import { offersFor, rowsAsSent, rowsOf, type AsSent, type Row } from './rows.js';

/** Everything that a till sees of a sale and its customer. */
export type Sight = {
  readonly draft: Draft;
  readonly customerName: string | undefined;
  readonly total: CustomerTotal | undefined;
  /** What is there in currencies that this shop does not take. */
  readonly otherTotals: readonly CustomerTotal[];
  readonly books: 'there' | 'away';
  /** Away, nothing can be held or completed, and the sale is as the books have it. */
  readonly actors: 'there' | 'away';
  /** The sale of this number, when it has begun; not that of another customer. */
  readonly sale: SaleView | undefined;
  readonly anothers: 'yes' | 'no';
  readonly hold: OpenHold | undefined;
  readonly rows: readonly Row[];
  /** How many more payments there are. */
  readonly unlisted: number;
  readonly takenMinor: number;
  readonly productNames: ReadonlyMap<string, string>;
  /** Who may have sold it; none while the books are away. */
  readonly salespeople: readonly Salesperson[];
};

const PATIENCE_MS = 2_000;

export async function lookAround(parts: Parts, shop: Shop, asked: Draft, asSent?: AsSent): Promise<Sight> {
  const key = { saleShopId: shop.shopId, saleId: asked.saleId };
  const { sale, actors } = await saleOrBooked(parts, key);
  const draft = await takenUp(parts.quoteSql, key, asked, sale);
  const isAnothers = sale !== undefined && draft.customerId !== undefined && sale.customerId !== draft.customerId;
  const own = isAnothers ? undefined : sale;
  const books = await booksIfReachable(parts.quoteSql, shop, key, draft);
  const hold = asSent ? holdAsSent(draft, own) : await holdOf(parts.quoteSql, key, draft, own);
  const held = hold?.shares ?? [];
  const offers = await offersFor(parts, shop, draft, { offered: books?.offers ?? [], held, asSent });
  const taken = books?.taken ?? takenAsTold(own);
  const { rows, unlisted } = asSent
    ? rowsAsSent(asSent, draft, offers)
    : rowsOf(draft, offers, proposedShares(draft, offers, taken, hold), taken);
  return {
    draft,
    customerName: books?.name,
    total: books?.total,
    otherTotals: books?.otherTotals ?? [],
    books: books ? 'there' : 'away',
    // A form without an answer says so itself, and is there to be sent again.
    actors: asSent ? 'there' : actors,
    // Whatever it has become meanwhile: the same form is sent again, and is answered.
    sale: asSent ? undefined : own,
    anothers: isAnothers ? 'yes' : 'no',
    hold,
    rows,
    unlisted,
    takenMinor: asSent?.takenMinor ?? taken.reduce((sum, each) => sum + each.takenMinor, 0),
    productNames: books?.names ?? new Map(),
    salespeople: books?.salespeople ?? [],
  };
}

type Reached = { readonly sale: SaleView | undefined; readonly actors: Sight['actors'] };

/** The sale as it says itself, or else as the books have it; of one without a number yet, whether it could be held. */
async function saleOrBooked(parts: Parts, key: SaleKey): Promise<Reached> {
  const isNumbered = key.saleId !== '';
  try {
    const sale = isNumbered ? await readSale(parts, key) : await parts.actors.ping().then(() => undefined);
    return { sale, actors: 'there' };
  } catch (error) {
    if (isRecordsOutage(error)) return { sale: undefined, actors: 'there' };
    if (isNumbered && !(error instanceof ActorsUnavailable)) throw error;
    return { sale: isNumbered ? await fromBooks(readBookedSale(parts, key)) : undefined, actors: 'away' };
  }
}

/** A held sale that is called by its number alone brings its customer and its basket along. */
async function takenUp(sql: Sql, key: SaleKey, draft: Draft, sale: SaleView | undefined): Promise<Draft> {
  if (sale?.status !== 'held' || draft.customerId !== undefined || draft.lines.length > 0) return draft;
  const { customerId, holdId } = sale;
  const attempt = (await fromBooks(findSale(sql, key)))?.attempt;
  const lines = attempt?.commandId === holdId ? attempt.lines : [];
  return { ...draft, customerId, lines, holdId, heldBasket: lines.length > 0 ? printOf(lines) : undefined };
}

async function booksIfReachable(sql: Sql, shop: Shop, key: SaleKey, { customerId, lines }: Draft) {
  const { currency } = shop;
  const productIds = [...new Set(lines.map(({ productId }) => productId))];
  const read = Promise.all([
    customerId === undefined ? undefined : findCustomer(sql, customerId),
    customerId === undefined ? [] : customerTotals(sql, customerId),
    customerId === undefined ? [] : applicablePayments(sql, customerId, { currency, productIds }),
    key.saleId === '' ? [] : takenBySale(sql, key),
    productNames(sql, productIds),
    salespeopleOf(sql, shop.shopId),
  ]);
  const answer = await fromBooks(read);
  if (!answer) return undefined;
  const [customer, totals, offers, taken, names, salespeople] = answer;
  const total = totals.find((each) => each.currency === currency);
  const otherTotals = totals.filter((each) => each.currency !== currency && each.balanceMinor > 0);
  // What another customer's payments gave is nobody else's to see.
  const ofCustomer = customerId === undefined ? [] : takenOfCustomer({ customerId, currency }, taken);
  return { name: customer?.name, total, otherTotals, offers, taken: ofCustomer, names, salespeople };
}

/** What the sale holds, and for which basket: as this till knows, or else as the books have it. */
async function holdOf(sql: Sql, key: SaleKey, draft: Draft, sale: SaleView | undefined): Promise<OpenHold | undefined> {
  if (sale?.status !== 'held') return undefined;
  const { holdId, holdExpiresAt: until, totalMinor } = sale;
  const basket = draft.holdId === holdId ? draft.heldBasket : await heldBasket(sql, key, holdId);
  return { holdId, basket, until, shares: sharesHeld(sale), totalMinor };
}

async function heldBasket(sql: Sql, key: SaleKey, holdId: string): Promise<string | undefined> {
  const attempt = (await fromBooks(findSale(sql, key)))?.attempt;
  return attempt?.commandId === holdId && attempt.lines.length > 0 ? printOf(attempt.lines) : undefined;
}

function holdAsSent({ holdId, heldBasket: basket }: Draft, sale: SaleView | undefined): OpenHold | undefined {
  if (holdId === undefined) return undefined;
  const isIt = sale?.holdId === holdId;
  return {
    holdId,
    basket,
    until: isIt ? sale.holdExpiresAt : undefined,
    shares: sharesHeld(sale),
    totalMinor: undefined,
  };
}

function takenAsTold(sale: SaleView | undefined): Taken[] {
  return (sale?.payments ?? []).map((payment) => ({
    reference: payment.reference,
    productId: null,
    takenMinor: leftMinor(payment),
  }));
}

async function fromBooks<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await within(PATIENCE_MS, asked);
  } catch (error) {
    if (isRecordsOutage(error)) return undefined;
    throw error;
  }
}
