import { exceedingProductsOf, naming } from '../../domain/sale/decide.js';
import { instantOf, type Instant } from '../../domain/instants.js';
import { refusedOf, type PaymentAnswer } from '../../domain/sale/answers.js';
import { planReplacement, type Replacement } from '../../domain/sale/replace.js';
import type { Begun, HoldSale, SaleRefusal, SettleSale } from '../../domain/sale/sale.js';
import { beginAttempt, heldHere, refusedToHold, withHolds, withReplacement } from '../../domain/sale/hold.js';
import { completedByApply } from '../../domain/sale/settle.js';
import { withReleases } from '../../domain/sale/steps.js';
import { ask, askToHold } from '../askPayments.js';
import { holding, releasing, resizing, selling } from './asked.js';
import { beyondDoubt, takeBack, type Heard } from './begin.js';
import { enter, started, type SaleBook } from './book.js';
import { letGo } from './release.js';

/**
 * Holds what was picked at every payment; one refused, what the others hold is let go. A settlement is decided by that:
 * from there on it goes through.
 */
export async function hold(
  book: SaleBook,
  command: HoldSale | SettleSale,
  heard: Heard | undefined,
): Promise<SaleRefusal | null> {
  const { begins, answers } = await beginning(book, command, heard);
  const told = withHolds(begins, command, answers);
  const refusal = naming(refusedToHold(command, answers)) ?? exceedingProductsOf(told.attempt);
  if (!refusal) {
    const isDecided = command.kind === 'settle';
    enter(book, told, isDecided ? { status: 'completing', since: instantOf(Date.now()) } : { status: 'held' });
    return null;
  }
  book.sale = told;
  await letGo(book, command, 'refused');
  return refusal;
}

/** Takes what one payment alone is to give: it decides all or nothing by itself, and then the sale is completed. */
export async function applyAtOnce(
  book: SaleBook,
  command: SettleSale,
  heard: Heard | undefined,
): Promise<SaleRefusal | null> {
  const { begins, answers: first } = await beginning(book, command, heard);
  const answers = await beyondDoubt(begins, command, selling(begins, command), first);
  const refusal = naming(refusedOf(answers));
  if (!refusal) {
    book.sale = completedByApply(begins, answers, heard?.answeredAt ?? instantOf(Date.now()));
    return null;
  }
  book.sale = withReleases(begins, answers);
  await letGo(book, command, 'refused');
  return refusal;
}

/** Whether a sale that is refused has its payment's money all the same: then it is completed. */
export async function hasTakenAnyway(book: SaleBook, command: HoldSale | SettleSale): Promise<boolean> {
  const begins = beginAttempt({ ...book.sale, attempt: null }, command, Date.now());
  const answers = await takeBack(begins, command);
  if (!answers) return false;
  book.sale = completedByApply(begins, answers, instantOf(Date.now()));
  return true;
}

/** A try, and what the payments say to it. */
async function beginning(book: SaleBook, command: HoldSale | SettleSale, heard: Heard | undefined) {
  // Asked again, a hold has to say the same: its lifetime, counted from when it is asked.
  const begins = beginAttempt(book.sale, command, heard?.answers ? heard.askedAtMs : Date.now());
  enter(book, begins, { status: 'holding' });
  const { lines, lifetimeMs } = command;
  const answers = heard?.answers ?? (await askToHold(selling(begins, command), lines, lifetimeMs));
  return { begins, answers };
}

/**
 * Lets another basket take the place of what is held, in one step: what grows or is new is asked first, and only when
 * all of it is there do the others shrink, which none can refuse. One refused, the old hold is as it was.
 */
export async function replace(book: SaleBook, command: HoldSale): Promise<SaleRefusal | null> {
  const before = enter(book, started(book.sale), { status: 'replacing' });
  const plan = planReplacement(before.attempt, command);
  const next = { ...before, attempt: { ...before.attempt, lines: command.lines } };
  const expiresAt = instantOf(Date.now() + command.lifetimeMs);
  const grown = await grow(next, command, plan, expiresAt);
  const told = withReplacement(before, command, grown, expiresAt);
  const refusal = naming(refusedOf(grown)) ?? exceedingProductsOf(told.attempt);
  if (refusal) {
    await undo(before, command, plan);
    enter(book, before, { status: 'held' });
    return refusal;
  }
  const shrunk = await ask([
    ...plan.shrunk.map(({ before: source, amountMinor }) =>
      resizing(next, command, source, { step: 'shrink', amountMinor, expiresAt }),
    ),
    ...plan.dropped.map((source) => releasing(next, command, source)),
  ]);
  enter(book, withReplacement(before, command, [...grown, ...shrunk], expiresAt), { status: 'held' });
  return null;
}

async function grow(
  next: Begun,
  command: HoldSale,
  { grown }: Replacement,
  expiresAt: Instant,
): Promise<PaymentAnswer[]> {
  const { lines, lifetimeMs } = command;
  const holds = heldHere(next, command);
  const asked = grown.map(({ reference, amountMinor, takenMinor = 0, before }) => {
    const size = { amountMinor, takenMinor, expiresAt };
    if (before) return resizing(next, command, before, { step: 'grow', ...size });
    const commandId = holds.find((each) => each.reference === reference)?.holdId ?? '';
    return holding(next, command, reference, { commandId, ...size });
  });
  return asked.length === 0 ? [] : askToHold(asked, lines, lifetimeMs);
}

/** Whatever of it has grown is as it was again, and what was new holds nothing. */
async function undo(before: Begun, command: HoldSale, { grown }: Replacement): Promise<void> {
  const { holdExpiresAt: expiresAt } = before.attempt;
  const holds = heldHere(before, command);
  await ask(
    grown.map(({ reference, before: source }) => {
      if (source)
        return resizing(before, command, source, { step: 'shrink back', amountMinor: source.heldMinor, expiresAt });
      const holdId = holds.find((each) => each.reference === reference)?.holdId ?? '';
      return releasing(before, command, { reference, holdId });
    }),
  );
}
