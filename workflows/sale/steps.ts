import type { Asked } from '../../activities/payment/command.js';
import { derivedId, type By } from '../../domain/payment/command.js';
import { exceedingProducts, naming } from '../../domain/sale/decide.js';
import { instantOf } from '../../domain/instants.js';
import type { Share } from '../../domain/sale/quote.js';
import { allocateReturn } from '../../domain/sale/return.js';
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
  withReturn,
  type Begun,
} from '../../domain/sale/steps.js';
import { ask, askToHold } from '../askPayments.js';
import { goBack, type Asking } from './return.js';
import { publishSale } from './details.js';
import type { SaleBook } from './workflow.js';

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

/** What a payment says that the sale still has of it counts: "everything" is planned again with it. */
async function giveBack(book: SaleBook, command: ReturnSale): Promise<SaleRefusal | null> {
  const sold = started(book.sale);
  const allocated = allocateReturn(sold.attempt, sold.returns, command);
  if ('code' in allocated) return { code: allocated.code, payments: [] };
  const isEverything = command.amountMinor === undefined && command.lines === undefined;
  let added = await goBack(sold, command, allocated.shares);
  for (let plan = 2, again = changed(added); isEverything && again.length > 0; plan++, again = changed(added)) {
    const more = await goBack(sold, command, again, plan);
    const kept = added.notReturned.filter(({ reference }) => again.every((each) => each.reference !== reference));
    added = { ...added, returned: [...added.returned, ...more.returned], notReturned: [...kept, ...more.notReturned] };
  }
  if (added.returned.length === 0) {
    return naming(added.notReturned.map(({ reference, code }) => ({ reference, code, availableMinor: null }))) ?? null;
  }
  book.sale = withReturn(sold, added);
  return null;
}

/** What was planned of these payments is more than the sale still has of them, which is something all the same. */
function changed({ notReturned }: Return): Share[] {
  return notReturned.flatMap(({ reference, refundableMinor = 0 }) =>
    refundableMinor > 0 ? [{ reference, amountMinor: refundableMinor }] : [],
  );
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
