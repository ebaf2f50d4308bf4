import { proxyActivities } from '@temporalio/workflow';
import { bodyHash, saleKeyOf, type SaleKey } from '../../domain/payment/command.js';
import { refusedByBooks } from '../../domain/sale/booked.js';
import { decideSale } from '../../domain/sale/decide.js';
import { needsBooks, resumed } from '../../domain/sale/record.js';
import type { SaleFigure } from '../../domain/sale/return.js';
import type { HoldSale, SaleCommand, SaleInBooks, SaleRefusal, SettleSale } from '../../domain/sale/sale.js';
import { isSelling } from '../../domain/sale/settle.js';
import { remembering } from '../../domain/sale/steps.js';
import { viewOfReturn } from '../../domain/sale/view.js';
import type { Activities, Recalled } from '../activities.js';
import { retriedForEver } from '../retries.js';
import { answer, turnedAway } from './answer.js';
import { stepsOnHolds } from './asked.js';
import { askToBegin, stepsToBegin, type Heard } from './begin.js';
import type { SaleBook } from './book.js';
import type { SaleAnswer } from './messages.js';

const { figures, haveBegun, recall } =
  proxyActivities<Pick<Activities, 'figures' | 'haveBegun' | 'recall'>>(retriedForEver);

/** What the books make of a command, and what its payments said meanwhile. */
export type Recollection = {
  /** What it was answered in an earlier life, or that it cannot be decided. */
  readonly told?: SaleAnswer | undefined;
  readonly refusal?: SaleRefusal | undefined;
  readonly heard?: Heard | undefined;
};

/**
 * A sale without a hold of its own may have had an earlier life, or have been paid by single applies: the books know
 * what it was and what it answered, and whether it was charged. They are asked whenever a try begins, for it may have
 * been charged since the last one. While they are away each payment still tells what the sale took of it. A sale that
 * is new asks its payments in the same step; once it has answered something, the books may have that as another life's.
 * A command whose request came before may have been refused by a life that is over: only the books can tell.
 */
export async function recollect(book: SaleBook, command: SaleCommand, asked?: 'before'): Promise<Recollection> {
  const { attempt, remembered, earlierLife } = book.sale;
  if (remembered.some(({ commandId }) => commandId === command.commandId)) return {};
  const key = saleKeyOf(book.sale);
  if (isBeginning(command) && decideSale(book.sale, command, Date.now(), book.outbox).outcome === 'accepted') {
    if (attempt || remembered.length > 0 || asked) {
      const recalled = await recall(key, command.commandId, stepsToBegin(book.sale, command));
      if (asked && recalled.books === 'away') return { told: turnedAway(book.sale, 'books_unavailable') };
      return judge(book, command, recalled);
    }
    const { recalled, heard } = await askToBegin(book, command);
    return { heard, ...(await judge(book, command, recalled)) };
  }
  return earlierLife === 'none' ? {} : judge(book, command, await recall(key, command.commandId, []));
}

function isBeginning(command: SaleCommand): command is HoldSale | SettleSale {
  return command.kind === 'settle' || (command.kind === 'hold' && command.replaces === undefined);
}

async function judge(book: SaleBook, command: SaleCommand, recalled: Recalled): Promise<Recollection> {
  const { attempt, remembered } = book.sale;
  if (recalled.books === 'away')
    return needsBooks(book.sale, command) ? { told: turnedAway(book.sale, 'books_unavailable') } : {};
  const { answered, planned, sale: before } = recalled;
  // Once it has decided something in this run, the books may have that, or not yet.
  if (!attempt && remembered.length === 0) {
    book.sale = { ...book.sale, earlierLife: recalled.earlierLife };
    if (before) {
      const since = await figuresSince(before, saleKeyOf(book.sale), command);
      book.sale = resumed(book.sale, before, since, Date.now());
    }
  }
  if (answered) {
    if (answered.bodyHash !== bodyHash(command)) return { told: turnedAway(book.sale, 'command_id_reused') };
    const { refusal, return: back } = answered.answer;
    // While the books are away it is known here, then.
    if (isSelling(command) && !refusal) book.sale = remembering(book.sale, command, refusal);
    const told = answer(book, command, refusal, 'replayed');
    return { told: told.outcome === 'accepted' && back ? { ...told, return: viewOfReturn(back) } : told };
  }
  if (planned) {
    if (planned.bodyHash !== null && planned.bodyHash !== bodyHash(command))
      return { told: turnedAway(book.sale, 'command_id_reused') };
    book.plans.set(command.commandId, planned.plan);
  }
  // A basket that takes the place of a hold is measured by that.
  const isCharging = isSelling(command) && (!attempt || isBeginning(command));
  return isCharging ? { refusal: refusedByBooks(command, recalled) } : {};
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
