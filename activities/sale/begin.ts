import type { Sql } from '../../db/connect.js';
import type { Slots } from '../../db/slots.js';
import { instantOf } from '../../domain/instants.js';
import { saleKeyOf, type Line } from '../../domain/payment/command.js';
import type { Asked, PaymentAnswer } from '../../domain/sale/answers.js';
import { refusedByBooks } from '../../domain/sale/booked.js';
import { recordOfApplied, recordOfCaptured } from '../../domain/sale/record.js';
import type { SaleRecord } from '../../domain/sale/sale.js';
import { isAllTaken, needsNoHold, planCompletion } from '../../domain/sale/settle.js';
import type { Beginning, Beginnings, Completed, Completing, Recalled, Written } from '../../workflows/activities.js';
import { recallSale } from './recall.js';

type Parts = {
  readonly sql: Sql;
  /** For questions that nobody waits for when Postgres does not answer. */
  readonly asking: Slots;
  readonly patienceMs: number;
  readonly askPayments: (asked: readonly Asked[], lines?: readonly Line[]) => Promise<PaymentAnswer[]>;
  readonly write: (record: SaleRecord) => Promise<Written>;
};

/**
 * Asks the payments of a sale that is new. A crash in between repeats it: what the books and the payments say then is
 * what they have decided, for all of it goes by ids.
 */
export async function beginSale(
  { askPayments, write, ...books }: Parts,
  { sale, command, asked, writing }: Beginning,
  tries: number,
): Promise<Beginnings> {
  const steps = asked.map((each) => ({ reference: each.reference, commandId: each.command.commandId }));
  const recalled = await recallSale(books, saleKeyOf(sale), command.commandId, steps);
  const asking = { recalled, tries };
  const waits = { record: 'to_be_written', at: instantOf(Date.now()) } as const;
  if (!isFree(recalled, command)) return { ...asking, answers: null, ...waits };
  const answers = await askPayments(asked, command.lines);
  if (!needsNoHold(command) || answers[0]?.outcome !== 'accepted') return { ...asking, answers, ...waits };
  // The payment has decided for good: whatever becomes of this workflow, the sale is completed.
  const at = instantOf(Date.now());
  const record = writing === 'in_turn' ? 'to_be_written' : await write(recordOfApplied(sale, command, answers, at));
  return { ...asking, answers, at, record };
}

/** Whether its payments may be asked: the books know nothing of it, or nobody can ask them. */
function isFree(recalled: Recalled, command: Beginning['command']): boolean {
  if (recalled.books === 'away') return true;
  return recalled.earlierLife === 'none' && refusedByBooks(command, recalled) === undefined;
}

/** Takes what a sale holds. When all of it was there, the sale is completed, and the books may hear so at once. */
export async function completeSale(
  { askPayments, write }: Pick<Parts, 'askPayments' | 'write'>,
  { sale, command, asked, writing }: Completing,
): Promise<Completed> {
  const answers = await askPayments(asked);
  if (writing === 'in_turn' || !isAllTaken(planCompletion(sale), answers)) return { answers, record: 'to_be_written' };
  return { answers, record: await write(recordOfCaptured(sale, command, answers)) };
}
