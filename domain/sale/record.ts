import { hasPassed, instantOf } from '../instants.js';
import { bodyHash, saleKeyOf } from '../payment/command.js';
import type { Instant } from '../instants.js';
import type { PaymentAnswer } from './answers.js';
import type { SaleFigure } from './return.js';
import type { Attempt, Begun, Sale, SaleCommand, SaleInBooks, SaleRecord, SaleRefusal, Source } from './sale.js';
import { completedByApply, completedByCaptures, planCompletion } from './settle.js';

/** What the books are told of a command that was answered. */
export function recordOfSale(sale: Sale, command: SaleCommand, refusal: SaleRefusal | null, nowMs: number): SaleRecord {
  const { commandId, kind, by, requestId = null } = command;
  const { attempt, endedHolds, returns } = sale;
  const { lines: _, ...withoutLines } = attempt ?? { lines: [] };
  return {
    ...saleKeyOf(sale),
    commandId,
    kind,
    bodyHash: bodyHash(command),
    requestId,
    outcome: refusal?.code ?? 'accepted',
    customerId: command.customerId ?? attempt?.customerId ?? null,
    currency: 'currency' in command ? command.currency : (attempt?.currency ?? null),
    lines: 'lines' in command ? (command.lines ?? null) : null,
    answer: {
      refusal,
      return: returns.find((each) => each.commandId === commandId) ?? null,
      attempt: attempt && (withoutLines as Omit<Attempt, 'lines'>),
      endedHolds,
    },
    by,
    at: instantOf(nowMs),
  };
}

/** The same of a settlement whose one payment gave it at once. */
export function recordOfApplied(
  sale: Begun,
  command: SaleCommand,
  answers: readonly PaymentAnswer[],
  at: Instant,
): SaleRecord {
  return recordOfSale(completedByApply(sale, answers, at), command, null, Date.parse(at));
}

/** The same of one that held everything, and took all of it. */
export function recordOfCaptured(sale: Begun, command: SaleCommand, answers: readonly PaymentAnswer[]): SaleRecord {
  const completed = completedByCaptures(sale, planCompletion(sale), answers);
  return recordOfSale(completed.sale, command, null, Date.parse(completed.since));
}

/** Whether a command may only be decided by who knows what the sale answered in an earlier life. */
export function needsBooks({ attempt, earlierLife }: Sale, { kind }: SaleCommand): boolean {
  if (!attempt) return kind !== 'hold' && kind !== 'settle';
  return kind === 'return' && earlierLife === 'in_books';
}

/**
 * Takes up a sale from the books, because its workflow has gone. One that was held when somebody ended it may have
 * captured something since, which only its payments know: less is held there, and more taken. What an apply took past
 * the sale left the hold as it was. When no payment holds anything any more, the hold has ended.
 * @param figures what the payments of a sale that is held say; none of one that rests, or of which the very command has
 *   begun that now comes again: its steps find what they did
 */
export function resumed(sale: Sale, books: SaleInBooks, figures: readonly SaleFigure[], nowMs: number): Sale {
  const { attempt } = books;
  const taken: Sale = { ...sale, ...books, earlierLife: 'in_books' };
  if (attempt?.phase.status !== 'held') return taken;
  const figureOf = ({ reference }: Source) => figures.find((figure) => figure.reference === reference);
  const isOpen = (source: Source) => source.heldMinor > 0 && figureOf(source)?.heldMinor !== 0;
  const sources = attempt.sources.map((source) => afterwards(source, figureOf(source)));
  if (attempt.sources.some(isOpen)) return { ...taken, attempt: { ...attempt, sources } };
  const since = instantOf(nowMs);
  const lapsedOrReleased = hasPassed(attempt.holdExpiresAt, nowMs) ? 'lapsed' : 'released';
  const status = sources.some(({ capturedMinor }) => capturedMinor > 0) ? 'completed' : lapsedOrReleased;
  const ended = sources.map((source) => ({ ...source, heldMinor: 0 }));
  return { ...taken, attempt: { ...attempt, sources: ended, phase: { status, since } } };
}

/** A payment that a sale draws on, with what the sale did there after the books had heard of it last. */
function afterwards(source: Source, figure: SaleFigure | undefined): Source {
  if (!figure) return source;
  const { takenMinor, givenBackMinor, keptMinor } = figure;
  const goneMinor = Math.max(0, source.heldMinor - figure.heldMinor);
  const sinceMinor = Math.min(goneMinor, Math.max(0, takenMinor - source.takenMinor));
  return {
    ...source,
    takenMinor,
    givenBackMinor,
    keptMinor,
    // A hold that is gone, and of which nothing was captured, is taken anew when the sale is completed.
    heldMinor: sinceMinor > 0 ? figure.heldMinor : source.heldMinor,
    capturedMinor: source.capturedMinor + sinceMinor,
  };
}
