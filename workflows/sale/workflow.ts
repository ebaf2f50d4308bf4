import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { decideSale } from '../../domain/sale/decide.js';
import { hasPassed } from '../../domain/instants.js';
import { viewOfReturn, viewOfSale, type Sale, type SaleCommand, type SaleView } from '../../domain/sale/sale.js';
import { newSale, nextDeadlineOfSale, remembering } from '../../domain/sale/steps.js';
import { listenToSale, type Pending } from './handlers.js';
import type { SaleAnswer } from './messages.js';
import { carryOut, lapse } from './steps.js';
import { publishSale } from './details.js';
import { untilMs } from '../timers.js';

export type SaleInput =
  | { readonly origin: 'begun'; readonly saleId: string; readonly returnPeriodMs: number }
  | { readonly origin: 'continued'; readonly sale: Sale };

/** The one copy of a sale in its run; every step replaces it as a whole. */
export type SaleBook = { sale: Sale };

/**
 * One sale over account payments: holds, captures, releases, takes returns, one command at a time and each to its end,
 * and lets go by itself when the till does not come back. Ends when nothing more can be asked of it.
 */
export async function sale(input: SaleInput): Promise<SaleView | null> {
  const book: SaleBook = {
    sale: input.origin === 'begun' ? newSale(input.saleId, input.returnPeriodMs, Date.now()) : input.sale,
  };
  publishSale(book.sale);
  const waiting: Pending[] = [];
  listenToSale(book, waiting);

  // "Request cancellation" must not end a sale that holds somebody's money.
  return CancellationScope.nonCancellable(async () => {
    for (;;) {
      await untilSomethingIsDue(book.sale, waiting);
      const next = waiting[0];
      if (next) {
        next.answer = await answerTo(book, next.command);
        waiting.shift();
      } else if (book.sale.attempt?.phase.status === 'held' && isDue(book.sale)) {
        await lapse(book);
      } else if (allHandlersFinished()) {
        if (isDue(book.sale)) return viewOfSale(book.sale);
        if (workflowInfo().continueAsNewSuggested)
          return continueAsNew<typeof sale>({ origin: 'continued', sale: book.sale });
      }
      publishSale(book.sale);
    }
  });
}

async function answerTo(book: SaleBook, command: SaleCommand): Promise<SaleAnswer> {
  const decision = decideSale(book.sale, command, Date.now());
  switch (decision.outcome) {
    case 'turned_away':
      return {
        outcome: 'refused',
        delivery: 'first',
        refusal: { code: decision.code, payments: [] },
        sale: viewOfSale(book.sale),
      };
    case 'replayed':
      return answer(book.sale, command, decision.first.refusal, 'replayed');
    case 'refused':
      if (decision.refusal.code === 'hold_expired' && book.sale.attempt?.phase.status === 'held') await lapse(book);
      book.sale = remembering(book.sale, command, decision.refusal);
      return answer(book.sale, command, decision.refusal, 'first');
    case 'accepted': {
      const refusal = await carryOut(book, command);
      book.sale = remembering(book.sale, command, refusal);
      return answer(book.sale, command, refusal, 'first');
    }
  }
}

function answer(sale: Sale, command: SaleCommand, refusal: Refusal, delivery: SaleAnswer['delivery']): SaleAnswer {
  const view = viewOfSale(sale);
  if (refusal) return { outcome: 'refused', delivery, refusal, sale: view };
  const returned = sale.returns.find(({ commandId }) => commandId === command.commandId);
  return { outcome: 'accepted', delivery, return: returned ? viewOfReturn(returned) : null, sale: view };
}

type Refusal = Sale['remembered'][number]['refusal'];

/** A command, the end of a hold or of the sale, or a run that has grown long enough and rests. */
async function untilSomethingIsDue(sale: Sale, waiting: readonly Pending[]): Promise<void> {
  const isCalled = () => waiting.length > 0 || (workflowInfo().continueAsNewSuggested && allHandlersFinished());
  if (isCalled()) return;
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
