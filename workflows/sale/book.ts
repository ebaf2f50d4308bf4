import { instantOf } from '../../domain/instants.js';
import type { Phase } from '../../domain/sale/phases.js';
import type { Planned } from '../../domain/sale/return.js';
import type { Begun, ReturnView, Sale, SaleRecord } from '../../domain/sale/sale.js';
import { inPhase } from '../../domain/sale/steps.js';
import { showSale } from './details.js';
import type { Changes } from '../waits.js';

export type SaleBook = {
  /** The one copy of a sale in its run; every step replaces it as a whole. */
  sale: Sale;
  /** Answered and not yet in the books, oldest first. */
  readonly outbox: SaleRecord[];
  /** What a return would do, by the id of who asked. */
  readonly previews: Map<string, ReturnView>;
  /** What a return of an earlier life had begun to give back, by the id of who asked. */
  readonly plans: Map<string, Planned>;
  /** Commands that came and went, and records that came back. */
  readonly changes: Changes;
};

export function enter(book: SaleBook, sale: Begun, phase: Phase): Begun {
  const entered = inPhase(sale, phase);
  book.sale = entered;
  showSale(entered);
  return entered;
}

export function restingNow(status: Extract<Phase, { since: string }>['status']): Phase {
  return { status, since: instantOf(Date.now()) };
}

/** Only what has begun gets this far: `decideSale` sees to it. */
export function started(sale: Sale): Begun {
  const { attempt } = sale;
  if (!attempt) throw new Error('a sale that has not begun');
  return { ...sale, attempt };
}
