import { whileAway, within } from '../../db/outage.js';
import { findCredits, type Credit } from '../../db/payment/accountPayments.js';
import { bookedFigures } from '../../db/payment/refundable.js';
import { findSale } from '../../db/sale/saleCommands.js';
import type { Sql } from '../../db/connect.js';
import type { SaleKey } from '../../domain/payment/command.js';
import { figureOf, withWordsOfPayments, type BookedFigure } from '../../domain/sale/figure.js';
import type { SaleView } from '../../domain/sale/sale.js';
import { viewOfSale } from '../../domain/sale/view.js';
import type { Actors } from '../actors.js';
import { NO_ACTOR } from '../temporal.js';
import { withoutErased } from './untold.js';

const PATIENCE_MS = 2_000;

/** A sale, and credit that was issued for its goods without it; nobody knows of any while Postgres is away. */
export type SaleRead = SaleView & { readonly credits: readonly Credit[] };

/**
 * A sale, from its workflow or, when that has gone, from the books. How much it took and got back its payments say:
 * they own these figures. While Postgres is away they are as the sale heard them last.
 */
export async function readSale(
  { actors, sql }: { actors: Actors; sql: Sql },
  sale: SaleKey,
): Promise<SaleRead | undefined> {
  const live = await actors.sale(sale);
  const view = live === NO_ACTOR || live === null ? await fromBooks(sql, sale) : live;
  if (!view) return undefined;
  const booked = await bookedOf(sql, sale);
  if (!booked) return { ...(await withoutErased(sql, view)), credits: [] };
  const references = new Set([...view.payments, ...booked.figures].map(({ reference }) => reference));
  const figures = await Promise.all(
    [...references].map(async (reference) => {
      const told = await actors.saleFigure(reference, sale);
      const row = booked.figures.find((each) => each.reference === reference);
      return figureOf(told === NO_ACTOR ? undefined : told, row);
    }),
  );
  const told = withWordsOfPayments(
    view,
    figures.filter((figure) => figure !== undefined),
  );
  return { ...(await withoutErased(sql, told)), credits: booked.credits };
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

async function bookedOf(sql: Sql, sale: SaleKey): Promise<{ figures: BookedFigure[]; credits: Credit[] } | undefined> {
  const asked = Promise.all([bookedFigures(sql, sale), findCredits(sql, sale)]);
  const booked = await within(PATIENCE_MS, asked).catch(whileAway(undefined));
  return booked && { figures: booked[0], credits: booked[1] };
}
