import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  proxyActivities,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { decideSale, isChargedBefore } from '../../domain/sale/decide.js';
import { hasPassed } from '../../domain/instants.js';
import { type Sale, type SaleCommand, type SaleRecord, type SaleView } from '../../domain/sale/sale.js';
import { viewOfReturn, viewOfSale } from '../../domain/sale/view.js';
import { bodyHash } from '../../domain/payment/command.js';
import type { RefusalCode } from '../../domain/refusals.js';
import type { Activities } from '../../activities/createActivities.js';
import { retriedForEver } from '../retries.js';
import { newSale, nextDeadlineOfSale, recordOfSale, remembering, viewOfHold } from '../../domain/sale/steps.js';
import { listenToSale, type Pending } from './handlers.js';
import type { SaleAnswer } from './messages.js';
import type { SaleBook } from './book.js';
import { carryOut, lapse } from './steps.js';
import { publishSale } from './details.js';
import { untilMs } from '../timers.js';

export type SaleInput =
  | { readonly origin: 'begun'; readonly saleId: string; readonly returnPeriodMs: number }
  | { readonly origin: 'continued'; readonly sale: Sale; readonly outbox: readonly SaleRecord[] };

const { recall, recordSale } = proxyActivities<Pick<Activities, 'recall' | 'recordSale'>>(retriedForEver);

/**
 * One sale over account payments: holds, captures, releases, takes returns, one command at a time and each to its end,
 * and lets go by itself when the till does not come back. Ends when nothing more can be asked of it.
 */
export async function sale(input: SaleInput): Promise<SaleView | null> {
  const book: SaleBook = {
    sale: input.origin === 'begun' ? newSale(input.saleId, input.returnPeriodMs, Date.now()) : input.sale,
    outbox: input.origin === 'begun' ? [] : [...input.outbox],
    previews: new Map(),
  };
  publishSale(book.sale);
  const waiting: Pending[] = [];
  listenToSale(book, waiting);

  // "Request cancellation" must not end a sale that holds somebody's money.
  return CancellationScope.nonCancellable(async () => {
    void recorder(book);
    for (;;) {
      await untilSomethingIsDue(book, waiting);
      const next = waiting[0];
      if (next) {
        next.answer = await answerTo(book, next.command);
        waiting.shift();
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

/** Writes down what the sale answered; an answer waits for it no more than a payment's does. */
async function recorder({ outbox }: SaleBook): Promise<never> {
  for (;;) {
    await condition(() => outbox.length > 0);
    const records = outbox.slice(0, MAX_BATCH);
    await recordSale.executeWithOptions({ summary: `${records.length} answered` }, [records]);
    outbox.splice(0, records.length);
  }
}

const MAX_BATCH = 20;

async function answerTo(book: SaleBook, command: SaleCommand): Promise<SaleAnswer> {
  const decision = decideSale(book.sale, command, Date.now());
  switch (decision.outcome) {
    case 'turned_away':
      return turnedAway(book.sale, decision.code);
    case 'replayed':
      return answer(book, command, decision.first.refusal, 'replayed');
    case 'refused':
      if (decision.refusal.code === 'hold_expired' && isHeld(book.sale) && isDue(book.sale)) await lapse(book);
      return remember(book, command, decision.refusal);
    case 'accepted':
      return (await answeredBefore(book, command)) ?? begin(book, command);
  }
}

async function begin(book: SaleBook, command: SaleCommand): Promise<SaleAnswer> {
  const refusal = await carryOut(book, command);
  const isRemembered = refusal?.code !== 'books_unavailable' && !book.previews.has(command.commandId);
  return isRemembered ? remember(book, command, refusal) : answer(book, command, refusal, 'first');
}

/**
 * A sale without a hold of its own may have had an earlier life, or have been paid by single applies: the books know its
 * answers, and whether it was charged. While they are away each payment still tells what the sale took of it.
 */
async function answeredBefore(book: SaleBook, command: SaleCommand): Promise<SaleAnswer | undefined> {
  const { sale } = book;
  if (sale.attempt) return undefined;
  const recalled = await recall(sale.saleId, command.commandId);
  if (recalled.books === 'away') return undefined;
  const { answered } = recalled;
  if (!answered) {
    const isSelling = command.kind === 'hold' || command.kind === 'settle';
    return isSelling && isChargedBefore(command, recalled)
      ? remember(book, command, { code: 'sale_exists', payments: [] })
      : undefined;
  }
  if (answered.bodyHash !== bodyHash(command)) return turnedAway(sale, 'command_id_reused');
  const { refusal, return: back, sale: told } = answered.answer;
  return refusal
    ? { outcome: 'refused', delivery: 'replayed', refusal, sale: told }
    : { outcome: 'accepted', delivery: 'replayed', return: back, hold: null, sale: told };
}

function remember(book: SaleBook, command: SaleCommand, refusal: Refusal): SaleAnswer {
  book.sale = remembering(book.sale, command, refusal);
  const told = answer(book, command, refusal, 'first');
  book.outbox.push(
    recordOfSale(book.sale, command, told.outcome === 'refused' ? null : told.return, refusal, Date.now()),
  );
  return told;
}

function turnedAway(sale: Sale, code: RefusalCode): SaleAnswer {
  return { outcome: 'refused', delivery: 'first', refusal: { code, payments: [] }, sale: viewOfSale(sale) };
}

function answer(
  { sale, previews }: SaleBook,
  { kind, commandId }: SaleCommand,
  refusal: Refusal,
  delivery: SaleAnswer['delivery'],
): SaleAnswer {
  const view = viewOfSale(sale);
  if (refusal) return { outcome: 'refused', delivery, refusal, sale: view };
  const returned = sale.returns.find((each) => each.commandId === commandId);
  const back = returned ? viewOfReturn(returned) : (previews.get(commandId) ?? null);
  const hold = kind === 'hold' ? viewOfHold(sale, commandId) : null;
  return { outcome: 'accepted', delivery, return: back, hold, sale: view };
}

type Refusal = Sale['remembered'][number]['refusal'];

/** A command, the end of a hold or of the sale, or a run that has grown long enough and rests. */
async function untilSomethingIsDue({ sale, outbox }: SaleBook, waiting: readonly Pending[]): Promise<void> {
  const isCalled = () => waiting.length > 0 || (workflowInfo().continueAsNewSuggested && allHandlersFinished());
  if (isCalled()) return;
  if (isDue(sale) && !isHeld(sale)) return condition(() => isCalled() || outbox.length === 0);
  const due = nextDeadlineOfSale(sale);
  const timer = new CancellationScope();
  const fired = timer.run(() => sleep(untilMs(due), { summary: `until ${due}` }));
  fired.catch(() => undefined);
  await Promise.race([fired, condition(isCalled)]);
  timer.cancel();
}

function isDue(sale: Sale): boolean {
  return hasPassed(nextDeadlineOfSale(sale), Date.now());
}

function isHeld({ attempt }: Sale): boolean {
  return attempt?.phase.status === 'held';
}
