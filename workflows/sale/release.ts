import { hasCaptured } from '../../domain/sale/capture.js';
import type { SaleRefusal } from '../../domain/sale/sale.js';
import { withReleases } from '../../domain/sale/steps.js';
import { ask } from '../askPayments.js';
import { releasing, type Asking } from './asked.js';
import { enter, restingNow, started, type SaleBook } from './book.js';

/**
 * Releases what may be held, one that may yet arrive too; whatever a payment answers, it then holds nothing. A sale
 * that has taken something is completed with that.
 */
export async function letGo(
  book: SaleBook,
  asking: Asking,
  into: 'released' | 'lapsed' | 'refused',
): Promise<SaleRefusal | null> {
  const held = enter(book, started(book.sale), { status: 'releasing' });
  const open = held.attempt.sources.filter(({ heldMinor }) => heldMinor > 0);
  const answers = await ask(open.map((source) => releasing(held, asking, source)));
  enter(book, withReleases(held, answers), restingNow(hasCaptured(held) ? 'completed' : into));
  return null;
}
