import { ApplicationFailure, CancellationScope, condition, setHandler, workflowInfo } from '@temporalio/workflow';
import { saleCommandKinds, type SaleCommand, type SaleCommandKind } from '../../domain/sale/sale.js';
import { decideAtOnce } from '../../domain/sale/decide.js';
import { viewOfSale } from '../../domain/sale/view.js';
import { turnedAway } from './answer.js';
import type { SaleBook } from './book.js';
import {
  parseSaleMessage,
  rememberedBySaleQuery,
  saleDescriptions,
  saleQuery,
  saleUpdates,
  type SaleAnswer,
} from './messages.js';

/** A command that waits its turn, and its answer once it has had it. */
export type Pending = { readonly command: SaleCommand; readonly asked: 'before' | undefined; answer?: SaleAnswer };

/** Registers every handler. They put commands in line and wait: the sale takes them one at a time. */
export function registerSaleHandlers(book: SaleBook, waiting: Pending[]): void {
  const take = async (kind: SaleCommandKind, message: unknown): Promise<SaleAnswer> => {
    const pending: Pending = commandIn(book, kind, message);
    const code = decideAtOnce(book.sale, pending.command);
    if (code) return turnedAway(book.sale, code);
    // A run that is to go on in another one takes no line with it: who comes while one is at work comes again.
    if (waiting.length > 0 && workflowInfo().continueAsNewSuggested) return turnedAway(book.sale, 'try_later');
    waiting.push(pending);
    book.changes.count += 1;
    // Whoever waits is answered, also after somebody has pressed "Request Cancellation".
    await CancellationScope.nonCancellable(() => condition(() => pending.answer !== undefined));
    // Once more: a run rests when no command is in it.
    book.changes.count += 1;
    return pending.answer as SaleAnswer;
  };
  for (const kind of saleCommandKinds) {
    setHandler(saleUpdates[kind], (message: unknown) => take(kind, message), {
      description: saleDescriptions[kind],
      validator: (message: unknown) => void commandIn(book, kind, message),
    });
  }
  setHandler(rememberedBySaleQuery, (commandId) => book.sale.remembered.some((each) => each.commandId === commandId), {
    description: 'Whether it decided a command: its commandId',
  });
  setHandler(saleQuery, () => viewOfSale(book.sale), { description: 'The sale as it is now' });
}

function commandIn({ sale }: SaleBook, kind: SaleCommandKind, message: unknown): Omit<Pending, 'answer'> {
  const parsed = parseSaleMessage(kind, message, sale.saleShopId);
  if (parsed.form === 'command') return { command: parsed.command, asked: parsed.asked };
  throw ApplicationFailure.nonRetryable(parsed.reason, 'MalformedMessage');
}
