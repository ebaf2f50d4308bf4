import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  proxyActivities,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { decideSale } from '../../domain/sale/decide.js';
import { hasPassed } from '../../domain/instants.js';
import type { Sale, SaleCommand, SaleView } from '../../domain/sale/sale.js';
import { isSelling } from '../../domain/sale/settle.js';
import { viewOfSale } from '../../domain/sale/view.js';
import type { Activities } from '../activities.js';
import { retriedForEver } from '../retries.js';
import { nextBatch } from '../../domain/sale/room.js';
import { newSale, nextDeadlineOfSale } from '../../domain/sale/steps.js';
import { answer, remember, rememberUnwritten, turnedAway } from './answer.js';
import type { Heard } from './begin.js';
import type { SaleBook } from './book.js';
import { complete } from './complete.js';
import { registerSaleHandlers, type Pending } from './handlers.js';
import { hasTakenAnyway } from './hold.js';
import type { SaleAnswer } from './messages.js';
import { recollect } from './recall.js';
import type { SaleInput } from './start.js';
import { carryOut, lapse } from './steps.js';
import { publishSale } from './details.js';
import { onceChanged, untilMs } from '../waits.js';

const { recordSale } = proxyActivities<Pick<Activities, 'recordSale'>>(retriedForEver);

/**
 * One sale over account payments: holds, captures, releases, takes returns, one command at a time and each to its end,
 * and lets go by itself when the till does not come back. Ends when nothing more can be asked of it.
 */
export async function sale(input: SaleInput): Promise<SaleView | null> {
  const book: SaleBook = {
    sale: input.origin === 'begun' ? newSale(input.sale, input.returnPeriodMs, Date.now()) : input.sale,
    outbox: input.origin === 'begun' ? [] : [...input.outbox],
    previews: new Map(),
    plans: new Map(),
    changes: { count: 0 },
  };
  publishSale(book.sale);
  const waiting: Pending[] = [];
  registerSaleHandlers(book, waiting);

  // "Request cancellation" must not end a sale that holds somebody's money.
  return CancellationScope.nonCancellable(async () => {
    void recorder(book);
    for (;;) {
      await untilSomethingIsDue(book, waiting);
      const next = waiting[0];
      if (next) {
        next.answer = await answerTo(book, next);
        waiting.shift();
        if (workflowInfo().continueAsNewSuggested) sendAway(book.sale, waiting);
        // The till hears of it meanwhile: from here on it goes through.
        if (isCompleting(book.sale) && next.command.kind === 'settle') await complete(book, next.command);
      } else if (isHeld(book.sale) && isDue(book.sale)) {
        await lapse(book);
      } else if (allHandlersFinished()) {
        if (isDue(book.sale) && book.outbox.length === 0) return viewOfSale(book.sale);
        if (workflowInfo().continueAsNewSuggested)
          return continueAsNew<typeof sale>({ origin: 'continued', sale: book.sale, outbox: book.outbox });
      }
      publishSale(book.sale);
    }
  });
}

/** Writes down what the sale answered. An answer does not wait for that, as a payment's does not. */
async function recorder({ outbox, changes }: SaleBook): Promise<never> {
  for (;;) {
    await condition(() => outbox.length > 0);
    const records = nextBatch(outbox);
    await recordSale.executeWithOptions({ summary: `${records.length} answered` }, [records]);
    outbox.splice(0, records.length);
    changes.count += 1;
  }
}

async function answerTo(book: SaleBook, { command, asked }: Pending): Promise<SaleAnswer> {
  const { told, refusal, heard } = await recollect(book, command, asked);
  const mayHaveTaken = heard?.doubt === 'perhaps_asked';
  if (told?.delivery === 'replayed' && (told.outcome === 'accepted' || !mayHaveTaken)) return told;
  const decision = decideSale(book.sale, command, Date.now(), book.outbox);
  if (!told && !refusal && decision.outcome === 'accepted') return carryOutAndRemember(book, command, heard);
  if (mayHaveTaken && isSelling(command) && (await hasTakenAnyway(book, command))) return remember(book, command, null);
  if (told) return told;
  switch (decision.outcome) {
    case 'turned_away':
      return turnedAway(book.sale, decision.code);
    case 'replayed':
      return answer(book, command, decision.first.refusal, 'replayed');
    case 'refused':
      if (decision.refusal.code === 'hold_expired' && isHeld(book.sale) && isDue(book.sale)) await lapse(book);
      return remember(book, command, decision.refusal);
    case 'accepted':
      return remember(book, command, refusal ?? null);
  }
}

async function carryOutAndRemember(book: SaleBook, command: SaleCommand, heard?: Heard): Promise<SaleAnswer> {
  const refusal = await carryOut(book, command, heard);
  if (refusal?.code === 'books_unavailable' || refusal?.code === 'return_begun' || book.previews.has(command.commandId))
    return answer(book, command, refusal, 'first');
  const isWritten = !refusal && heard?.record === 'written';
  // What a settlement comes to is written once its payments have given what they held.
  return isWritten || isCompleting(book.sale)
    ? rememberUnwritten(book, command, refusal)
    : remember(book, command, refusal);
}

/** A line that never ends would keep a run from going on in another one until the server ends it. */
function sendAway(sale: Sale, waiting: Pending[]): void {
  for (const each of waiting.splice(0)) each.answer = turnedAway(sale, 'try_later');
}

/** A command, the end of a hold or of the sale, or a run that has grown long enough and rests. */
async function untilSomethingIsDue({ sale, outbox, changes }: SaleBook, waiting: readonly Pending[]): Promise<void> {
  const isCalled = () => waiting.length > 0 || (workflowInfo().continueAsNewSuggested && allHandlersFinished());
  if (isCalled()) return;
  if (isDue(sale) && !isHeld(sale))
    return onceChanged(changes, () => isCalled() || (outbox.length === 0 && allHandlersFinished()));
  const due = nextDeadlineOfSale(sale);
  const timer = new CancellationScope();
  const fired = timer.run(() => sleep(untilMs(due), { summary: `until ${due}` }));
  fired.catch(() => undefined);
  await Promise.race([fired, onceChanged(changes, isCalled)]);
  timer.cancel();
}

function isDue(sale: Sale): boolean {
  return isRefused(sale) || hasPassed(nextDeadlineOfSale(sale), Date.now());
}

/** Nothing is held and the books have its answer, so there is nothing to stay for: another try begins another run. */
function isRefused({ attempt }: Sale): boolean {
  return attempt?.phase.status === 'refused';
}

function isCompleting({ attempt }: Sale): boolean {
  return attempt?.phase.status === 'completing';
}

function isHeld({ attempt }: Sale): boolean {
  return attempt?.phase.status === 'held';
}
