import { ActivityFailure, proxyActivities } from '@temporalio/workflow';
import type { Asked } from '../activities/commandPayments.js';
import type { Activities } from '../activities/createActivities.js';
import { derivedId, type By, type Line } from '../domain/command.js';
import { exceedingProducts, naming } from '../domain/decideSale.js';
import { instantOf } from '../domain/instants.js';
import type { Share } from '../domain/quote.js';
import { allocateReturn } from '../domain/returns.js';
import { BACKSTOP_MS, type HoldSale, type NotReturned, type Phase, type Return, type Returned, type ReturnSale, type Sale, type SaleCommand, type SaleRefusal, type SettleSale } from '../domain/sale.js';
import { begun, inPhase, refusedOf, withCaptures, withHolds, withReleases, withReturn, type Begun, type PaymentAnswer } from '../domain/saleSteps.js';
import { retriedForEver } from './retries.js';
import { publishSale } from './saleDetails.js';
import type { SaleBook } from './sale.js';

const activities = proxyActivities<Pick<Activities, 'command' | 'issue'>>(retriedForEver);

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
    case 'refund':
      return giveBack(book, command);
  }
}

/** Lets go of what the till did not come back for. */
export async function lapse(book: SaleBook): Promise<void> {
  const { commandId } = started(book.sale).attempt;
  await letGo(book, { commandId: derivedId(commandId, 'lapse'), by: CLOCK }, 'lapsed');
}

const CLOCK: By = { caller: 'clock' };

type Asking = { readonly commandId: string; readonly by: By };

async function hold(book: SaleBook, command: HoldSale | SettleSale): Promise<SaleRefusal | null> {
  const { customerId, currency, lines, lifetimeMs, by, payments } = command;
  const begins = begun(book.sale, command, Date.now()) as Begun;
  const { saleId } = begins;
  enter(book, begins, { status: 'holding' });
  const holds = payments.map(({ reference, amountMinor }): Asked => {
    const asked = { customerId, currency, amountMinor, saleId, lifetimeMs: lifetimeMs + BACKSTOP_MS };
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

/** Once it begins it goes through: should a hold have lapsed all the same, what was taken is put back. */
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
  const told = withCaptures(held, shares, answers);
  const lost = naming(refusedOf(answers).filter(({ reference }) => shareOf(reference)));
  if (!lost) {
    enter(book, told, completedNow());
    return null;
  }
  enter(book, told, { status: 'putting_back' });
  const taken = told.attempt.sources.filter(({ capturedMinor }) => capturedMinor > 0);
  const back = taken.map(({ reference, capturedMinor }) => ({ reference, amountMinor: capturedMinor }));
  const reason = `Put back: sale ${held.saleId} could not be completed`;
  const putBack = withReturn(told, await goBack(told, { ...asking, reason }, back));
  enter(book, putBack, restingNow('lapsed'));
  return lost;
}

/** Releases what may be held, one that may yet arrive too; whatever a payment answers, it then holds nothing. */
async function letGo(book: SaleBook, asking: Asking, into: 'released' | 'lapsed' | 'refused'): Promise<void> {
  const held = started(book.sale);
  enter(book, held, { status: 'releasing' });
  const open = held.attempt.sources.filter(({ heldMinor }) => heldMinor > 0);
  const answers = await ask(open.map(({ reference }) => releasing(held, asking, reference)));
  enter(book, withReleases(held, answers), restingNow(into));
}

async function giveBack(book: SaleBook, command: ReturnSale): Promise<SaleRefusal | null> {
  const sold = started(book.sale);
  const allocated = allocateReturn(sold.attempt, sold.returns, command);
  if ('code' in allocated) return { code: allocated.code, payments: [] };
  const added = await goBack(sold, command, allocated.shares);
  if (added.returned.length === 0) {
    return naming(added.notReturned.map(({ reference, code }) => ({ reference, code, availableMinor: null }))) ?? null;
  }
  book.sale = withReturn(sold, added);
  return null;
}

type GoingBack = Asking & Partial<Pick<ReturnSale, 'reason' | 'lines'>>;

async function goBack(sale: Begun, command: GoingBack, shares: readonly Share[]): Promise<Return> {
  const { commandId, by, reason, lines = [] } = command;
  const { saleId, attempt } = sale;
  const refunds = shares.map(({ reference, amountMinor }): Asked => {
    const id = derivedId('sale', saleId, commandId, 'refund', reference);
    return { reference, command: { kind: 'refund', commandId: id, by, amountMinor, currency: attempt.currency, saleId, reason } };
  });
  const answers = await ask(refunds);
  const parts = await Promise.all(
    shares.map(async (share, i): Promise<Returned | NotReturned> => {
      const answer = answers[i];
      if (answer?.outcome === 'accepted') return { ...share, replacement: null, revision: answer.revision };
      const code = answer?.outcome === 'refused' ? answer.code : 'payment_unavailable';
      return code === 'payment_expired' || code === 'payment_cancelled' ? replacing(sale, command, share) : { ...share, code };
    }),
  );
  return {
    ...{ commandId, at: instantOf(Date.now()), by, reason: reason ?? null, lines },
    returned: parts.flatMap((part) => ('code' in part ? [] : [part])),
    notReturned: parts.flatMap((part) => ('code' in part ? [part] : [])),
  };
}

/** New store credit of its kind, without an end, in the stead of a payment that has ended. */
async function replacing({ saleId, attempt }: Begun, { commandId, by }: Asking, { reference, amountMinor }: Share): Promise<Returned> {
  const { customerId, currency, sources } = attempt;
  const scope = sources.find((source) => source.reference === reference)?.scope ?? ({ type: 'generic' } as const);
  const issued = await activities.issue.executeWithOptions({ summary: `in the stead of ${reference}` }, [
    {
      ...{ commandId: derivedId('sale', saleId, commandId, 'issue', reference), by, customerId, scope, amountMinor, currency },
      purpose: 'store_credit',
      expiresAt: null,
      origin: { kind: 'replacement', replaces: reference, saleId },
    },
  ]);
  return { reference, amountMinor, replacement: issued.reference, revision: 1 };
}

function taking(sale: Begun, { commandId, by }: Asking, { reference, amountMinor }: Share): Asked {
  const id = derivedId('sale', sale.saleId, commandId, 'capture', reference);
  return { reference, command: { kind: 'capture', commandId: id, by, holdId: holdIdOf(sale, reference), saleId: sale.saleId, amountMinor } };
}

function releasing(sale: Begun, { commandId, by }: Asking, reference: string): Asked {
  const id = derivedId('sale', sale.saleId, commandId, 'release', reference);
  return { reference, command: { kind: 'release', commandId: id, by, holdId: holdIdOf(sale, reference), cause: 'asked' } };
}

/** Asks the payments side by side, again and again until each has answered. */
async function ask(asked: readonly Asked[]): Promise<PaymentAnswer[]> {
  return asked.length === 0 ? [] : activities.command.executeWithOptions({ summary: summaryOf(asked) }, [asked]);
}

/** A hold is only worth waiting for as long as it would last. */
async function askToHold(asked: readonly Asked[], lines: readonly Line[], withinMs: number): Promise<PaymentAnswer[]> {
  try {
    return await activities.command.executeWithOptions({ summary: summaryOf(asked), scheduleToCloseTimeout: withinMs }, [asked, lines]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    return asked.map(({ reference }) => ({ reference, outcome: 'unanswered' }));
  }
}

function summaryOf(asked: readonly Asked[]): string {
  const kinds = [...new Set(asked.map(({ command }) => command.kind))];
  return `${kinds.join(', ')}: ${asked.length === 1 ? asked[0]?.reference : `${asked.length} payments`}`;
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
