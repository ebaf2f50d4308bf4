import { proxyActivities } from '@temporalio/workflow';
import { instantOf, type Instant } from '../../domain/instants.js';
import { saleKeyOf } from '../../domain/payment/command.js';
import type { Asked, PaymentAnswer } from '../../domain/sale/answers.js';
import { beginAttempt } from '../../domain/sale/hold.js';
import type { Begun, HoldSale, Sale, SettleSale } from '../../domain/sale/sale.js';
import { needsNoHold } from '../../domain/sale/settle.js';
import type { Activities, Recalled, StepThere, Writing, Written } from '../activities.js';
import { ask, summaryOf, unansweredBy, unlessTooLate } from '../askPayments.js';
import { retriedForEver } from '../retries.js';
import { releasing, selling, withdrawing } from './asked.js';
import { enter, type SaleBook } from './book.js';

const { begin, recall } = proxyActivities<Pick<Activities, 'begin' | 'recall'>>(retriedForEver);

/** What was heard of the payments, in the same breath as of the books, when a sale began. */
export type Heard = {
  readonly askedAtMs: number;
  /** None when the payments were not asked, as far as anybody knows. */
  readonly answers: readonly PaymentAnswer[] | null;
  readonly answeredAt: Instant;
  readonly record: Written;
  /** Somebody may have asked the payments who was cut off before they answered. */
  readonly doubt: 'none' | 'perhaps_asked';
};

/** Asks the books and, when these have nothing against it, the payments. */
export async function askToBegin(
  book: SaleBook,
  command: HoldSale | SettleSale,
): Promise<{ readonly recalled: Recalled; readonly heard: Heard }> {
  const before = book.sale;
  const askedAtMs = Date.now();
  const begins = enter(book, beginAttempt(before, command, askedAtMs), { status: 'holding' });
  const asked = selling(begins, command);
  // A hold is only worth waiting for as long as it would last.
  const options = { summary: summaryOf(asked), scheduleToCloseTimeout: command.lifetimeMs };
  const told = await unlessTooLate(
    begin.executeWithOptions(options, [{ sale: withoutLines(begins), command, asked, ...writingOf(book) }]),
  );
  book.sale = before;
  if (told) {
    const { recalled, answers, tries, at: answeredAt, record } = told;
    const doubt = answers === null && tries > 1 ? 'perhaps_asked' : 'none';
    return { recalled, heard: { askedAtMs, answers, answeredAt, record, doubt } };
  }
  const recalled = await recall(saleKeyOf(before), command.commandId, stepsOf(asked));
  const answeredAt = instantOf(Date.now());
  const answers = unansweredBy(asked);
  return { recalled, heard: { askedAtMs, answers, answeredAt, record: 'to_be_written', doubt: 'perhaps_asked' } };
}

/** What a command is about to ask of its payments: the books may know that it did so, before it was cut off. */
export function stepsToBegin(sale: Sale, command: HoldSale | SettleSale): StepThere[] {
  return stepsOf(selling(beginAttempt(sale, command, Date.now()), command));
}

function stepsOf(asked: readonly Asked[]): StepThere[] {
  return asked.map(({ reference, command: { commandId } }) => ({ reference, commandId }));
}

export function writingOf({ outbox }: SaleBook): { readonly writing?: Writing } {
  return outbox.length === 0 ? {} : { writing: 'in_turn' };
}

/** They travel with the command. */
export function withoutLines(sale: Begun): Begun {
  return { ...sale, attempt: { ...sale.attempt, lines: [] } };
}

/**
 * Sees to it that nothing comes of what payments may have been asked for a sale that is refused: holds are released,
 * those too that may yet arrive.
 * @returns what the one payment of a settlement gave before it could be kept from it: then the sale is not refused
 */
export async function takeBack(
  begins: Begun,
  command: HoldSale | SettleSale,
): Promise<readonly PaymentAnswer[] | null> {
  const asked = selling(begins, command);
  if (!needsNoHold(command)) {
    await ask(begins.attempt.sources.map((source) => releasing(begins, command, source)));
    return null;
  }
  const answers = await beyondDoubt(begins, command, asked, unansweredBy(asked));
  return answers.every(({ outcome }) => outcome === 'accepted') ? answers : null;
}

/**
 * An apply that was not answered in time may have been decided, or may yet be. Its id is used up for nothing, so that
 * it never is; unless it was first, then it answers now.
 */
export async function beyondDoubt(
  sale: Begun,
  command: HoldSale | SettleSale,
  asked: readonly Asked[],
  answers: readonly PaymentAnswer[],
): Promise<readonly PaymentAnswer[]> {
  if (answers.every(({ outcome }) => outcome !== 'unanswered')) return answers;
  const withdrawn = await ask(asked.map((each) => withdrawing(sale, command, each)));
  const isDecided = withdrawn.some((each) => each.outcome === 'refused' && each.code === 'command_id_reused');
  return isDecided ? ask(asked, command.lines) : answers;
}
