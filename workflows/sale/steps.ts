import type { Asked } from '../../activities/payment/command.js';
import { derivedId, type By } from '../../domain/payment/command.js';
import { decideReturn, exceedingProducts, naming } from '../../domain/sale/decide.js';
import { instantOf } from '../../domain/instants.js';
import type { Share } from '../../domain/sale/quote.js';
import { totalOf } from '../../domain/basket.js';
import { planAgain, previewOf } from '../../domain/sale/return.js';
import {
  BACKSTOP_MS,
  type HoldSale,
  type Phase,
  type Return,
  type ReturnSale,
  type Sale,
  type SaleCommand,
  type SaleRefusal,
  type SettleSale,
} from '../../domain/sale/sale.js';
import {
  begun,
  inPhase,
  refusedOf,
  withCaptures,
  withHolds,
  withReleases,
  withFigures,
  withMissing,
  withReturn,
  type Begun,
  type PaymentAnswer,
} from '../../domain/sale/steps.js';
import { log, metricMeter, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/createActivities.js';
import { ask, askToHold } from '../askPayments.js';
import { retriedForEver } from '../retries.js';
import { goBack, type Asking } from './return.js';
import { publishSale } from './details.js';
import type { SaleBook } from './workflow.js';

const { figures } = proxyActivities<Pick<Activities, 'figures'>>(retriedForEver);

/** Brings a command that may begin to its end: `null`, or why it came to nothing and nothing is held. */
export async function carryOut(book: SaleBook, command: SaleCommand): Promise<SaleRefusal | null> {
  switch (command.kind) {
    case 'hold':
      return hold(book, command);
    case 'settle':
      return (await hold(book, command)) ?? (await capture(book, command, command.payments));
    case 'capture':
      return capture(book, command, command.payments ?? heldSharesOf(started(book.sale)));
    case 'release':
      await letGo(book, command, 'released');
      return null;
    case 'return':
      return giveBack(book, command);
  }
}

/** Lets go of what the till did not come back for. */
export async function lapse(book: SaleBook): Promise<void> {
  const { commandId } = started(book.sale).attempt;
  await letGo(book, { commandId: derivedId(commandId, 'lapse'), by: CLOCK }, 'lapsed');
}

const CLOCK: By = { caller: 'clock' };

async function hold(book: SaleBook, command: HoldSale | SettleSale): Promise<SaleRefusal | null> {
  const { customerId, currency, lines, lifetimeMs, by, payments } = command;
  const begins = begun(book.sale, command, Date.now());
  const { saleId } = begins;
  enter(book, begins, { status: 'holding' });
  const holds = payments.map(({ reference, amountMinor, takenMinor = 0 }): Asked => {
    const asked = { customerId, currency, amountMinor, takenMinor, saleId, lifetimeMs: lifetimeMs + BACKSTOP_MS };
    return { reference, command: { kind: 'hold', commandId: holdIdOf(begins, reference), by, ...asked } };
  });
  const answers = await askToHold(holds, lines, lifetimeMs);
  const told = withHolds(begins, answers);
  const refusal = naming(refusedOf(answers)) ?? exceedingProducts(told.attempt);
  if (!refusal) {
    enter(book, told, { status: 'held' });
    return null;
  }
  book.sale = told;
  await letGo(book, command, 'refused');
  return refusal;
}

/**
 * Once it begins it goes through: a part whose hold is gone is taken as if there had been none. What is gone altogether
 * is missing: the goods may have left the shop, so nothing is put back, and a person has to see to it.
 */
async function capture(book: SaleBook, asking: Asking, shares: readonly Share[]): Promise<SaleRefusal | null> {
  const held = started(book.sale);
  enter(book, held, { status: 'capturing' });
  const shareOf = (reference: string) => shares.find((share) => share.reference === reference);
  const answers = await ask(
    held.attempt.sources.map(({ reference }) => {
      const share = shareOf(reference);
      return share ? taking(held, asking, share) : releasing(held, asking, reference);
    }),
  );
  const lost = refusedOf(answers).filter(({ reference }) => shareOf(reference));
  const anew = await takeAnew(
    held,
    asking,
    lost.flatMap(({ reference }) => shareOf(reference) ?? []),
  );
  const told = withCaptures(held, shares, [
    ...anew,
    ...answers.filter(({ reference }) => !anew.some((each) => each.reference === reference)),
  ]);
  const missing = refusedOf(anew).flatMap(({ reference }) => shareOf(reference) ?? []);
  if (missing.length === shares.length) {
    enter(book, told, restingNow('lapsed'));
    return naming(lost) ?? null;
  }
  enter(book, withMissing(told, missing), completedNow());
  if (missing.length > 0) countMissing(held.saleId, missing);
  return null;
}

async function takeAnew(held: Begun, { commandId, by }: Asking, shares: readonly Share[]): Promise<PaymentAnswer[]> {
  const { saleId, attempt } = held;
  const { customerId, currency, lines } = attempt;
  return ask(
    shares.map(({ reference, amountMinor }): Asked => ({
      reference,
      command: {
        kind: 'apply',
        commandId: derivedId('sale', saleId, commandId, 'apply', reference),
        ...{ by, customerId, amountMinor, currency, saleId, lines },
      },
    })),
  );
}

function countMissing(saleId: string, missing: readonly Share[]): void {
  const amountMinor = totalOf(missing);
  metricMeter.createCounter('sales_missing', 'Sales that were completed and whose credit was gone').add(1);
  log.error('a completed sale misses money: somebody has to settle it', { saleId, amountMinor });
}

/** Releases what may be held, one that may yet arrive too; whatever a payment answers, it then holds nothing. */
async function letGo(book: SaleBook, asking: Asking, into: 'released' | 'lapsed' | 'refused'): Promise<void> {
  const held = started(book.sale);
  enter(book, held, { status: 'releasing' });
  const open = held.attempt.sources.filter(({ heldMinor }) => heldMinor > 0);
  const answers = await ask(open.map(({ reference }) => releasing(held, asking, reference)));
  enter(book, withReleases(held, answers), restingNow(into));
}

/** What the payments say that the sale still has counts: they are asked first, and "everything" is planned again. */
async function giveBack(book: SaleBook, command: ReturnSale): Promise<SaleRefusal | null> {
  const { saleId, attempt } = book.sale;
  const told = await figures(saleId, attempt?.sources.map(({ reference }) => reference) ?? []);
  if (!told) return { code: 'books_unavailable', payments: [] };
  const sale = withFigures(book.sale, told.figures);
  const plan = decideReturn(sale, told, command, Date.now());
  if ('code' in plan) return { ...plan, payments: [] };
  if (command.extent === 'preview') {
    book.previews.set(command.commandId, previewOf(plan, command));
    return null;
  }
  const giving = { saleId, figures: told.figures };
  const isEverything = !command.lines && !command.payments && command.amountMinor === undefined;
  let added = await goBack(giving, command, plan.parts, plan.otherTenderMinor);
  let again = isEverything ? planAgain(plan.parts, added.notReturned) : [];
  for (let number = 2; again.length > 0; number++) {
    const more = await goBack(giving, command, again, 0, number);
    added = together(added, more);
    again = planAgain(again, more.notReturned);
  }
  if (added.returned.length === 0 && plan.parts.length > 0) {
    const refused = added.notReturned.map(({ reference, code, refundableMinor }) => ({
      ...{ reference, code, availableMinor: null },
      ...(refundableMinor !== undefined && { refundableMinor }),
    }));
    return naming(refused) ?? null;
  }
  book.sale = withReturn(sale, added);
  return null;
}

/** A return, with what its next plan came to: that one's word counts for the payments in it. */
function together(first: Return, next: Return): Return {
  const isAsked = (reference: string) =>
    [...next.returned, ...next.notReturned].some((each) => each.reference === reference);
  const kept = first.notReturned.filter(({ reference }) => !isAsked(reference));
  return { ...first, returned: [...first.returned, ...next.returned], notReturned: [...kept, ...next.notReturned] };
}

function taking(sale: Begun, { commandId, by }: Asking, { reference, amountMinor }: Share): Asked {
  const id = derivedId('sale', sale.saleId, commandId, 'capture', reference);
  return {
    reference,
    command: {
      kind: 'capture',
      commandId: id,
      by,
      holdId: holdIdOf(sale, reference),
      saleId: sale.saleId,
      amountMinor,
    },
  };
}

function releasing(sale: Begun, { commandId, by }: Asking, reference: string): Asked {
  const id = derivedId('sale', sale.saleId, commandId, 'release', reference);
  return {
    reference,
    command: { kind: 'release', commandId: id, by, holdId: holdIdOf(sale, reference), cause: 'asked' },
  };
}

function enter(book: SaleBook, sale: Begun, phase: Phase): void {
  book.sale = inPhase(sale, phase);
  publishSale(book.sale);
}

function holdIdOf({ saleId, attempt }: Begun, reference: string): string {
  return derivedId('sale', saleId, attempt.commandId, 'hold', reference);
}

function heldSharesOf({ attempt }: Begun): Share[] {
  return attempt.sources.map(({ reference, heldMinor }) => ({ reference, amountMinor: heldMinor }));
}

function restingNow(status: 'released' | 'lapsed' | 'refused'): Phase {
  return { status, since: instantOf(Date.now()) };
}

function completedNow(): Phase {
  return { status: 'completed', since: instantOf(Date.now()) };
}

/** Only what has begun gets this far: `decideSale` sees to it. */
function started(sale: Sale): Begun {
  const { attempt } = sale;
  if (!attempt) throw new Error('a sale that has not begun');
  return { ...sale, attempt };
}
