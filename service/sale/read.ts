import { whileAway, within } from '../../db/outage.js';
import { findCredits, type Credit } from '../../db/payment/accountPayments.js';
import { bookedFigures } from '../../db/payment/refundable.js';
import { findReturns, findSale } from '../../db/sale/saleCommands.js';
import type { Sql } from '../../db/connect.js';
import type { SaleKey } from '../../domain/payment/command.js';
import { figureOf, withWordsOfPayments } from '../../domain/sale/figure.js';
import { appliedRead, readOf, type SaleRead } from '../../domain/sale/read.js';
import type { SaleFigure } from '../../domain/sale/return.js';
import type { SaleView } from '../../domain/sale/sale.js';
import { viewOfReturn, viewOfSale } from '../../domain/sale/view.js';
import type { Actors } from '../actors.js';
import { NO_ACTOR } from '../temporal.js';
import { withoutErased } from './untold.js';

const PATIENCE_MS = 2_000;

/** A sale, and credit that was issued for its goods without it; nobody knows of any while Postgres is away. */
type SaleWithCredits = SaleRead & { readonly credits: readonly Credit[] };

type Reading = { readonly actors: Actors; readonly sql: Sql };

/** Null, a sale was not begun as a whole; its payments say the rest, and cannot without the books. */
type Heard = {
  readonly view: SaleView | null;
  readonly figures: readonly SaleFigure[];
  readonly books: 'there' | 'away';
};

/**
 * A sale that was begun as a whole, from its workflow or, when that has gone, from the books. How much it took and got
 * back its payments say: they own these figures. While Postgres is away they are as the sale heard them last.
 */
export async function readSale(parts: Reading, key: SaleKey): Promise<SaleView | undefined> {
  const { view, figures, books } = await hear(parts, key);
  if (!view) return undefined;
  return withoutErased(parts.sql, books === 'there' ? withWordsOfPayments(view, figures) : view);
}

/** The same with all payments that gave anything, and of a sale too that was paid by single applies alone. */
export async function readAnySale(parts: Reading, key: SaleKey): Promise<SaleWithCredits | undefined> {
  const { sql } = parts;
  const { view, figures, books } = await hear(parts, key);
  if (view && books === 'away') return { ...(await withoutErased(sql, readOf(view, figures))), credits: [] };
  const told = view
    ? readOf(withWordsOfPayments(view, figures), figures)
    : appliedRead(key, figures, (await within(PATIENCE_MS, findReturns(sql, key))).map(viewOfReturn));
  if (!told) return undefined;
  const credits = await within(PATIENCE_MS, findCredits(sql, key)).catch(whileAway([]));
  return { ...(await withoutErased(sql, told)), credits };
}

async function hear({ actors, sql }: Reading, key: SaleKey): Promise<Heard> {
  const live = await actors.sale(key);
  const view = live === NO_ACTOR || live === null ? await fromBooks(sql, key) : live;
  const drawn = view?.payments.map(({ reference }) => reference) ?? [];
  const figures = await figuresOfSale({ actors, sql }, key, drawn);
  return figures ? { view, figures, books: 'there' } : { view, figures: [], books: 'away' };
}

/**
 * What each payment says that a sale took of it and got back.
 * @param known payments of which the books may not know that yet
 * @returns undefined while Postgres is away: nobody knows of how many
 */
export async function figuresOfSale(
  { actors, sql }: Reading,
  key: SaleKey,
  known: readonly string[],
): Promise<SaleFigure[] | undefined> {
  const booked = await within(PATIENCE_MS, bookedFigures(sql, key)).catch(whileAway(undefined));
  if (!booked) return undefined;
  const references = new Set([...known, ...booked.map(({ reference }) => reference)]);
  const figures = await Promise.all(
    [...references].map(async (reference) => {
      const told = await actors.saleFigure(reference, key);
      const row = booked.find((each) => each.reference === reference);
      return figureOf(told === NO_ACTOR ? undefined : told, row);
    }),
  );
  return figures.filter((figure) => figure !== undefined);
}

/**
 * A sale as the books have it, while its workflow and its payments cannot be asked: they may be ahead of it.
 * @throws RecordsUnavailable
 */
export async function readBookedSale({ sql }: { sql: Sql }, sale: SaleKey): Promise<SaleView | undefined> {
  const view = await fromBooks(sql, sale);
  if (!view) return undefined;
  const rows = await within(PATIENCE_MS, bookedFigures(sql, sale));
  return withWordsOfPayments(
    view,
    rows.flatMap((row) => figureOf(undefined, row) ?? []),
  );
}

async function fromBooks(sql: Sql, key: SaleKey): Promise<SaleView | null> {
  const sale = await within(PATIENCE_MS, findSale(sql, key));
  return sale ? viewOfSale({ ...key, ...sale }) : null;
}
