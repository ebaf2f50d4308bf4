import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Sql } from '../../db/connect.js';
import { isRecordsOutage, within } from '../../db/outage.js';
import { bookedFigures, type BookedFigure } from '../../db/payment/refundable.js';
import { findBasket, findReturns } from '../../db/sale/saleCommands.js';
import type { Scope } from '../../domain/payment/command.js';
import type { SaleFigure, SoldBefore } from '../../domain/sale/return.js';
import type { SaleRecord } from '../../domain/sale/sale.js';
import type { FigureOfSale } from '../../workflows/payment/messages.js';

const PATIENCE_MS = 3_000;

/**
 * Asks every payment that a sale took from what it still has: the payment itself as long as its workflow is there, and
 * the books for what was given back in its stead.
 * @param known the payments that the sale itself knows of, in the order in which it uses them
 * @returns `undefined` when the books are away and cannot be done without
 */
export async function figuresOf(
  client: Client,
  sql: Sql,
  saleId: string,
  known: readonly string[],
): Promise<SoldBefore | undefined> {
  const books = await booksOf(sql, saleId);
  if (!books && known.length === 0) return undefined;
  const booked = books?.booked ?? [];
  const others = booked.map(({ reference }) => reference).filter((reference) => !known.includes(reference));
  const figures = await Promise.all(
    [...others, ...known].map((reference) =>
      figureOf(client, saleId, reference, books ? booked.find((each) => each.reference === reference) : 'away'),
    ),
  );
  if (figures.includes('unknown')) return undefined;
  const told = figures.filter((figure) => figure !== 'unknown').filter((figure) => figure !== 'none');
  return { figures: told, lines: books?.basket ?? null, returns: books?.returns ?? [] };
}

async function booksOf(sql: Sql, saleId: string) {
  try {
    const asked = Promise.all([bookedFigures(sql, saleId), findBasket(sql, saleId), findReturns(sql, saleId)]);
    const [booked, basket, returns] = await within(PATIENCE_MS, asked);
    return { booked, basket, returns: returns.map(toReturned) };
  } catch (error) {
    if (isRecordsOutage(error)) return undefined;
    throw error;
  }
}

function toReturned({ answer }: { answer: SaleRecord['answer'] }): SoldBefore['returns'][number] {
  const { lines, return: back } = answer;
  return { commandId: back?.returnId ?? '', lines, otherTenderMinor: back?.otherTenderMinor ?? 0 };
}

/** An ended payment without its books cannot say what was given back in its stead. */
async function figureOf(
  client: Client,
  saleId: string,
  reference: string,
  booked: BookedFigure | undefined | 'away',
): Promise<SaleFigure | 'none' | 'unknown'> {
  const live = await liveFigure(client, saleId, reference);
  if (booked === 'away') {
    if (!live || live.payment.status === 'expired' || live.payment.status === 'cancelled') return 'unknown';
    return toFigure(live, undefined);
  }
  if (live) return toFigure(live, booked);
  if (!booked) return 'none';
  const { type, productId, isIssuedInError, replacedMinor, replacedKeptMinor, ...figure } = booked;
  const givenBackMinor = isIssuedInError ? figure.takenMinor - figure.keptMinor : figure.givenBackMinor + replacedMinor;
  return {
    ...figure,
    scope: scopeOf(type, productId),
    givenBackMinor,
    keptMinor: figure.keptMinor + replacedKeptMinor,
  };
}

function toFigure(live: FigureOfSale, booked: BookedFigure | undefined): SaleFigure {
  const { payment, takenMinor } = live;
  const { reference, customerId, currency, type, productId } = payment;
  const keptMinor = live.keptMinor + (booked?.replacedKeptMinor ?? 0);
  // What was issued in error is nobody's to get back.
  const givenBackMinor = booked?.isIssuedInError
    ? takenMinor - keptMinor
    : live.givenBackMinor + (booked?.replacedMinor ?? 0);
  const lastTakenAt = booked?.lastTakenAt ?? null;
  return {
    reference,
    customerId,
    currency,
    scope: scopeOf(type, productId),
    takenMinor,
    givenBackMinor,
    keptMinor,
    lastTakenAt,
  };
}

async function liveFigure(client: Client, saleId: string, reference: string): Promise<FigureOfSale | undefined> {
  try {
    const handle = client.workflow.getHandle(reference);
    return await client.withDeadline(Date.now() + PATIENCE_MS, () =>
      handle.query<FigureOfSale, [string]>('saleFigure', saleId),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

function scopeOf(type: Scope['type'], productId: string | null): Scope {
  return type === 'product_specific' && productId !== null ? { type, productId } : { type: 'generic' };
}
