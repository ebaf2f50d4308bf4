import { proxyActivities } from '@temporalio/workflow';
import { recordOfSale } from '../../domain/sale/record.js';
import type { SettleSale } from '../../domain/sale/sale.js';
import { completedByCaptures, planCompletion } from '../../domain/sale/settle.js';
import type { Activities } from '../activities.js';
import { summaryOf } from '../askPayments.js';
import { retriedForEver } from '../retries.js';
import { capturing } from './asked.js';
import { withoutLines, writingOf } from './begin.js';
import { started, type SaleBook } from './book.js';
import { countMissing, takeAnew } from './capture.js';

const activities = proxyActivities<Pick<Activities, 'complete'>>(retriedForEver);

/** Takes what a settlement holds. It is decided, and the till may have heard so: it goes through as a capture does. */
export async function complete(book: SaleBook, command: SettleSale): Promise<void> {
  const held = started(book.sale);
  const takings = planCompletion(held);
  const asked = takings.map(({ source, amountMinor }) =>
    capturing(held, command, source, { amountMinor, heldUntil: undefined }),
  );
  const { answers, record } = await activities.complete.executeWithOptions({ summary: summaryOf(asked) }, [
    { sale: withoutLines(held), command, asked, ...writingOf(book) },
  ]);
  const anew = await takeAnew(held, command, takings, answers);
  const { sale, missing, since } = completedByCaptures(held, takings, answers, anew);
  book.sale = sale;
  if (missing.length > 0) countMissing(sale, missing);
  if (record === 'to_be_written') book.outbox.push(recordOfSale(sale, command, null, Date.parse(since)));
}
