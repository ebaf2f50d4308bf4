import { isRecordsOutage } from '../../db/outage.js';
import type { SaleKey, Wish } from '../../domain/payment/command.js';
import { leftMinor } from '../../domain/payment/figures.js';
import type { SaleCommand, SaleRefusal } from '../../domain/sale/sale.js';
import type { Parts } from '../parts.js';
import { ActorsUnavailable } from '../temporal.js';
import { figuresOfSale } from './read.js';

/**
 * A refusal with what the sale has taken now, where it was wrong about that: a repeat would hear what it was, and a
 * sale knows only what it heard last. A customer is told whose money all of it is. Where nobody can be asked it is told
 * as it was.
 */
export async function asItIsNow(
  parts: Parts,
  sale: SaleKey,
  wish: Wish<SaleCommand>,
  refusal: SaleRefusal,
): Promise<SaleRefusal> {
  if (refusal.code !== 'sale_exists' || (wish.kind !== 'hold' && wish.kind !== 'settle')) return refusal;
  const named = wish.payments.map(({ reference }) => reference);
  const figures = await figuresOfSale(parts, sale, named).catch(unlessOutage);
  if (!figures) return refusal;
  const { takenMinor: _, ...untold } = refusal;
  const taken = figures.filter((each) => each.currency === wish.currency && each.takenMinor > 0);
  if (taken.length === 0 && refusal.takenMinor === undefined) return refusal;
  if (taken.some((each) => each.customerId !== wish.customerId)) return untold;
  const payments = refusal.payments.map((each) => {
    const figure = taken.find(({ reference }) => reference === each.reference);
    return figure && each.code === 'sale_exists' ? { ...each, takenMinor: leftMinor(figure) } : each;
  });
  return { ...untold, payments, takenMinor: taken.reduce((sum, each) => sum + leftMinor(each), 0) };
}

function unlessOutage(error: unknown): undefined {
  if (!(error instanceof ActorsUnavailable) && !isRecordsOutage(error)) throw error;
}
