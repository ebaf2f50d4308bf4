import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  patched,
  proxyActivities,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { decideSale, exceedingInBooks, isChargedBefore } from '../../domain/sale/decide.js';
import { hasPassed } from '../../domain/instants.js';
import type { SaleFigure } from '../../domain/sale/return.js';
import { type Sale, type SaleCommand, type SaleInBooks, type SaleView } from '../../domain/sale/sale.js';
import { viewOfReturn, viewOfSale } from '../../domain/sale/view.js';
import { bodyHash, saleKeyOf, type SaleKey } from '../../domain/payment/command.js';
import type { RefusalCode } from '../../domain/refusals.js';
import type { Activities } from '../activities.js';
import { retriedForEver } from '../retries.js';
import { holdIdAt, viewOfHold } from '../../domain/sale/hold.js';
import { needsBooks, recordOfSale, resumed } from '../../domain/sale/record.js';
import { nextBatch } from '../../domain/sale/room.js';
import { newSale, nextDeadlineOfSale, remembering } from '../../domain/sale/steps.js';
import { stepsOnHolds } from './asked.js';
import { registerSaleHandlers, type Pending } from './handlers.js';
import type { SaleAnswer } from './messages.js';
import type { SaleBook } from './book.js';
import type { SaleInput } from './start.js';
import { carryOut, lapse } from './steps.js';
import { publishSale } from './details.js';
import { untilMs } from '../timers.js';

const { figures, haveBegun, recall, recordSale } =
  proxyActivities<Pick<Activities, 'figures' | 'haveBegun' | 'recall' | 'recordSale'>>(retriedForEver);

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

/** Writes down what the sale answered. An answer does not wait for that, as a payment's does not. */
async function recorder({ outbox }: SaleBook): Promise<never> {
  for (;;) {
    await condition(() => outbox.length > 0);
    const records = nextBatch(outbox);
    await recordSale.executeWithOptions({ summary: `${records.length} answered` }, [records]);
    outbox.splice(0, records.length);
  }
}

async function answerTo(book: SaleBook, command: SaleCommand): Promise<SaleAnswer> {
  const before = await recallFromBooks(book, command);
  if (before) return before;
  const decision = decideSale(book.sale, command, Date.now(), book.outbox);
  switch (decision.outcome) {
    case 'turned_away':
      return turnedAway(book.sale, decision.code);
    case 'replayed':
      return answer(book, command, decision.first.refusal, 'replayed');
    case 'refused':
      if (decision.refusal.code === 'hold_expired' && isHeld(book.sale) && isDue(book.sale)) await lapse(book);
      return remember(book, command, decision.refusal);
    case 'accepted':
      return carryOutAndRemember(book, command);
  }
}

async function carryOutAndRemember(book: SaleBook, command: SaleCommand): Promise<SaleAnswer> {
  const refusal = await carryOut(book, command);
  const isRemembered = refusal?.code !== 'books_unavailable' && !book.previews.has(command.commandId);
  return isRemembered ? remember(book, command, refusal) : answer(book, command, refusal, 'first');
}

/**
 * A sale without a hold of its own may have had an earlier life, or have been paid by single applies: the books know
 * what it was and what it answered, and whether it was charged. While they are away each payment still tells what the
 * sale took of it.
 * @returns the answer, when the books or what they know decide it
 */
async function recallFromBooks(book: SaleBook, command: SaleCommand): Promise<SaleAnswer | undefined> {
  const { attempt, remembered, earlierLife } = book.sale;
  const key = saleKeyOf(book.sale);
  const isRemembered = remembered.some(({ commandId }) => commandId === command.commandId);
  if (earlierLife === 'none' || isRemembered) return undefined;
  const isSelling = command.kind === 'hold' || command.kind === 'settle';
  const drawn = isSelling ? command.payments : [];
  const holds = drawn.map(({ reference }) => ({ reference, holdId: holdIdAt(key, command.commandId, reference) }));
  const recalled = await recall(key, command.commandId, holds);
  if (recalled.books === 'away')
    return needsBooks(book.sale, command) ? turnedAway(book.sale, 'books_unavailable') : undefined;
  const { answered, planned, sale: before } = recalled;
  // Once it has decided something in this run, the books may have that, or not yet.
  if (!attempt && remembered.length === 0) {
    book.sale = { ...book.sale, earlierLife: recalled.earlierLife };
    if (before) book.sale = resumed(book.sale, before, await figuresSince(before, key, command), Date.now());
  }
  if (answered) {
    if (answered.bodyHash !== bodyHash(command)) return turnedAway(book.sale, 'command_id_reused');
    const { refusal, return: back } = answered.answer;
    const told = answer(book, command, refusal, 'replayed');
    return told.outcome === 'accepted' && back ? { ...told, return: viewOfReturn(back) } : told;
  }
  if (planned) {
    if (planned.bodyHash !== bodyHash(command)) return turnedAway(book.sale, 'command_id_reused');
    book.plans.set(command.commandId, planned.plan);
  }
  if (attempt || !isSelling || decideSale(book.sale, command, Date.now(), book.outbox).outcome !== 'accepted')
    return undefined;
  const isCharged = recalled.standing === 'new' && isChargedBefore(command, recalled);
  const refusal = isCharged
    ? { code: 'sale_exists' as const, payments: [] }
    : exceedingInBooks(command, recalled.scopes);
  return refusal && remember(book, command, refusal);
}

/** What its payments say of a sale that was held when its workflow went, unless this very command was cut off. */
async function figuresSince(
  { attempt }: SaleInBooks,
  key: SaleKey,
  { commandId }: SaleCommand,
): Promise<readonly SaleFigure[]> {
  if (attempt?.phase.status !== 'held') return [];
  if ((await haveBegun(stepsOnHolds(key, commandId, attempt.sources))) === 'begun') return [];
  const told = await figures(
    key,
    attempt.sources.map(({ reference }) => reference),
  );
  return told?.figures ?? [];
}

function remember(book: SaleBook, command: SaleCommand, refusal: Refusal): SaleAnswer {
  book.sale = remembering(book.sale, command, refusal);
  book.outbox.push(recordOfSale(book.sale, command, refusal, Date.now()));
  return answer(book, command, refusal, 'first');
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
  if (isDue(sale) && !isHeld(sale))
    return condition(() => isCalled() || (outbox.length === 0 && allHandlersFinished()));
  const due = nextDeadlineOfSale(sale);
  const timer = new CancellationScope();
  const fired = timer.run(() => sleep(untilMs(due), { summary: `until ${due}` }));
  fired.catch(() => undefined);
  await Promise.race([fired, condition(isCalled)]);
  timer.cancel();
}

function isDue(sale: Sale): boolean {
  return isRefused(sale) || hasPassed(nextDeadlineOfSale(sale), Date.now());
}

/**
 * Nothing is held and the books have its answer, so there is nothing to stay for: another try begins another run. Runs
 * of before stayed.
 */
function isRefused({ attempt }: Sale): boolean {
  return attempt?.phase.status === 'refused' && patched('refused-sale-ends');
}

function isHeld({ attempt }: Sale): boolean {
  return attempt?.phase.status === 'held';
}
