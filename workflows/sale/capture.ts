import { log, metricMeter } from '@temporalio/workflow';
import { totalOf } from '../../domain/basket.js';
import { refusedOf, type PaymentAnswer } from '../../domain/sale/answers.js';
import { afterCapture, planCapture, stillHeld, toTakeAnew, type Taking } from '../../domain/sale/capture.js';
import { naming } from '../../domain/sale/decide.js';
import type { SaleKey } from '../../domain/payment/command.js';
import type { Share } from '../../domain/sale/quote.js';
import type { Instant } from '../../domain/instants.js';
import type { Begun, SaleRefusal } from '../../domain/sale/sale.js';
import { ask } from '../askPayments.js';
import { applying, capturing, releasing, resizing, type Asking } from './asked.js';
import { enter, restingNow, started, type SaleBook } from './book.js';

/**
 * A capture that has begun goes through. A part whose hold is gone is taken as if there had been none. What is gone
 * altogether is missing: the goods may have left the shop, so nothing is put back, and a person has to see to it.
 */
export async function capture(
  book: SaleBook,
  asking: Asking,
  shares: readonly Share[],
  heldUntil?: Instant,
): Promise<SaleRefusal | null> {
  const held = enter(book, started(book.sale), { status: 'capturing' });
  const takings = planCapture(held, shares, heldUntil);
  const answers = await ask(
    takings.map(({ source, step, amountMinor }) => {
      if (step === 'release') return releasing(held, asking, source);
      if (step === 'capture') return capturing(held, asking, source, { amountMinor, heldUntil });
      return resizing(held, asking, source, { step, amountMinor, expiresAt: heldUntil ?? held.attempt.holdExpiresAt });
    }),
  );
  const anew = await takeAnew(held, asking, takings, answers);
  const { sale, next, missing } = afterCapture(held, takings, { answers, anew, heldUntil });
  enter(book, sale, next === 'held' ? { status: next } : restingNow(next));
  if (missing.length > 0) countMissing(sale, missing);
  if (next !== 'lapsed') return null;
  const isAsked = ({ reference }: { reference: string }) => shares.some((share) => share.reference === reference);
  return naming(refusedOf(answers).filter(isAsked)) ?? null;
}

/** Takes what could not be captured, as if there had been no hold, and lets go of holds that are there still. */
export async function takeAnew(
  held: Begun,
  asking: Asking,
  takings: readonly Taking[],
  answers: readonly PaymentAnswer[],
): Promise<PaymentAnswer[]> {
  const gone = toTakeAnew(takings, answers).map((share) => applying(held, asking, share));
  const anew = await ask(gone, held.attempt.lines);
  await ask(stillHeld(takings, answers).map((source) => releasing(held, asking, source)));
  return anew;
}

export function countMissing({ saleShopId, saleId }: SaleKey, missing: readonly Share[]): void {
  const amountMinor = totalOf(missing);
  metricMeter.createCounter('sales_missing', 'Sales that were completed and whose credit was gone').add(1);
  log.error('a completed sale misses money: somebody has to settle it', { saleShopId, saleId, amountMinor });
}
