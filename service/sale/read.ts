import { isRecordsOutage, within } from '../../db/outage.js';
import { bookedFigures } from '../../db/payment/refundable.js';
import { findSale } from '../../db/sale/saleCommands.js';
import type { Sql } from '../../db/connect.js';
import { figureOf, withWordsOfPayments, type BookedFigure } from '../../domain/sale/figure.js';
import type { SaleView } from '../../domain/sale/sale.js';
import { viewOfSale } from '../../domain/sale/view.js';
import type { Actors } from '../actors.js';
import { NO_ACTOR } from '../temporal.js';

const PATIENCE_MS = 2_000;

/**
 * A sale, from its workflow or, when that has gone, from the books. How much it took and got back its payments say:
 * they own these figures. While Postgres is away they are as the sale heard them last.
 */
export async function readSale(
  { actors, sql }: { actors: Actors; sql: Sql },
  saleId: string,
): Promise<SaleView | undefined> {
  const live = await actors.sale(saleId);
  const view = live === NO_ACTOR || live === null ? await fromBooks(sql, saleId) : live;
  if (!view) return undefined;
  const booked = await bookedOf(sql, saleId);
  if (!booked) return view;
  const references = new Set([...view.payments, ...booked].map(({ reference }) => reference));
  const figures = await Promise.all(
    [...references].map(async (reference) => {
      const told = await actors.saleFigure(reference, saleId);
      const row = booked.find((each) => each.reference === reference);
      return figureOf(told === NO_ACTOR ? undefined : told, row);
    }),
  );
  return withWordsOfPayments(
    view,
    figures.filter((figure) => figure !== undefined),
  );
}

async function fromBooks(sql: Sql, saleId: string): Promise<SaleView | null> {
  const sale = await within(PATIENCE_MS, findSale(sql, saleId));
  return sale ? viewOfSale({ saleId, ...sale }) : null;
}

async function bookedOf(sql: Sql, saleId: string): Promise<BookedFigure[] | undefined> {
  try {
    return await within(PATIENCE_MS, bookedFigures(sql, saleId));
  } catch (error) {
    if (isRecordsOutage(error)) return undefined;
    throw error;
  }
}
