import { bodyHash, type SaleKey } from '../payment/command.js';
import { returnsUntil } from './decide.js';
import { instantOf, type Instant } from '../instants.js';
import { answerOf, withAnswer, type PaymentAnswer } from './answers.js';
import { mayFollow, type Phase } from './phases.js';
import type { SaleFigure } from './return.js';
import { REFUSAL_MEMORY_MS } from '../payment/limits.js';
import type { Begun, Return, Sale, SaleCommand, SaleRefusal } from './sale.js';
import { withSources } from './sources.js';

export function newSale(key: SaleKey, returnPeriodMs: number, nowMs: number): Sale {
  return {
    ...key,
    returnPeriodMs,
    createdAt: instantOf(nowMs),
    attempt: null,
    endedHolds: [],
    returns: [],
    remembered: [],
    earlierLife: 'unknown',
  };
}

export function inPhase(sale: Begun, phase: Phase): Begun {
  const { status } = sale.attempt.phase;
  if (status !== phase.status && !mayFollow(status, phase.status))
    throw new Error(`a sale that is ${status} cannot be ${phase.status} next`);
  return { ...sale, attempt: { ...sale.attempt, phase } };
}

export function withReleases(sale: Begun, answers: readonly PaymentAnswer[]): Begun {
  return withSources(sale, (source) => ({ ...withAnswer(source, answerOf(answers, source.reference)), heldMinor: 0 }));
}

/** What went back, and where. */
export function withReturn(sale: Sale, added: Return): Sale {
  if (!sale.attempt) return { ...sale, returns: [...sale.returns, added] };
  const told = withSources({ ...sale, attempt: sale.attempt }, (source) => {
    const back = added.returned.find(({ reference }) => reference === source.reference);
    if (!back) return source;
    const revision = back.replacement === null ? back.revision : source.revision;
    return {
      ...source,
      givenBackMinor: source.givenBackMinor + back.amountMinor,
      keptMinor: source.keptMinor + back.keptMinor,
      revision,
    };
  });
  return { ...told, returns: [...sale.returns, added] };
}

/** What the payments say of it, in place of what the sale had heard last. */
export function withFigures(sale: Sale, figures: readonly SaleFigure[]): Sale {
  if (!sale.attempt) return sale;
  const sources = sale.attempt.sources.map((source) => {
    const figure = figures.find(({ reference }) => reference === source.reference);
    if (!figure) return source;
    const { takenMinor, givenBackMinor, keptMinor } = figure;
    return { ...source, takenMinor, givenBackMinor, keptMinor };
  });
  return { ...sale, attempt: { ...sale.attempt, sources } };
}

export function remembering(sale: Sale, command: SaleCommand, refusal: SaleRefusal | null): Sale {
  const entry = { commandId: command.commandId, bodyHash: bodyHash(command), refusal };
  return { ...sale, remembered: [...sale.remembered, entry] };
}

/** When time next means something for a sale that rests: its holds end, or it is over. */
export function nextDeadlineOfSale(sale: Sale): Instant {
  const { attempt, createdAt } = sale;
  if (!attempt) return instantOf(Date.parse(createdAt) + UNBEGUN_MS);
  const { phase, holdExpiresAt } = attempt;
  switch (phase.status) {
    case 'completed':
      return returnsUntil(sale, phase.since);
    case 'released':
    case 'lapsed':
    case 'refused':
      return instantOf(Date.parse(phase.since) + REFUSAL_MEMORY_MS);
    case 'held':
    case 'holding':
    case 'capturing':
    case 'completing':
    case 'releasing':
    case 'replacing':
      return holdExpiresAt;
  }
}

/** A sale that was started and told nothing. */
const UNBEGUN_MS = 60_000;
