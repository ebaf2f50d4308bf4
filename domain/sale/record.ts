import { instantOf } from '../instants.js';
import { bodyHash, saleKeyOf } from '../payment/command.js';
import type { Phase } from './phases.js';
import type { SaleFigure } from './return.js';
import type { Attempt, Sale, SaleCommand, SaleInBooks, SaleRecord, SaleRefusal } from './sale.js';

/** What the books are told of a command that was answered. */
export function recordOfSale(sale: Sale, command: SaleCommand, refusal: SaleRefusal | null, nowMs: number): SaleRecord {
  const { commandId, kind, by } = command;
  const { attempt, endedHolds, returns } = sale;
  const { lines: _, ...withoutLines } = attempt ?? { lines: [] };
  return {
    ...saleKeyOf(sale),
    commandId,
    kind,
    bodyHash: bodyHash(command),
    outcome: refusal?.code ?? 'accepted',
    customerId: 'customerId' in command ? command.customerId : (attempt?.customerId ?? null),
    currency: 'currency' in command ? command.currency : (attempt?.currency ?? null),
    lines: command.kind === 'hold' || command.kind === 'settle' ? command.lines : null,
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

/**
 * Takes up a sale from the books, because its workflow has gone. One that was held when somebody ended it may have
 * taken something since, which only its payments know.
 * @param figures what the payments of a sale that is held say; none of one that rests
 */
export function resumed(sale: Sale, books: SaleInBooks, figures: readonly SaleFigure[], nowMs: number): Sale {
  const { attempt } = books;
  if (attempt?.phase.status !== 'held') return { ...sale, ...books };
  const sources = attempt.sources.map((source) => {
    const figure = figures.find(({ reference }) => reference === source.reference);
    if (!figure) return source;
    const { takenMinor, givenBackMinor, keptMinor } = figure;
    const sinceMinor = Math.min(source.heldMinor, Math.max(0, takenMinor - source.takenMinor));
    return {
      ...source,
      takenMinor,
      givenBackMinor,
      keptMinor,
      heldMinor: source.heldMinor - sinceMinor,
      capturedMinor: source.capturedMinor + sinceMinor,
    };
  });
  const isHeld = sources.some(({ heldMinor }) => heldMinor > 0);
  const phase: Phase = isHeld ? attempt.phase : { status: 'completed', since: instantOf(nowMs) };
  return { ...sale, ...books, attempt: { ...attempt, phase, sources } };
}
