import { bodyHash, derivedId } from '../payment/command.js';
import { returnsUntil, takenBefore } from './decide.js';
import { instantOf, type Instant } from '../instants.js';
import { answerOf, heard, refusedOf, type PaymentAnswer } from './answers.js';
import { mayFollow, type Phase } from './phases.js';
import { replacedSources, unheld } from './replace.js';
import type { SaleFigure } from './return.js';
import { REFUSAL_MEMORY_MS } from '../payment/limits.js';
import type {
  Attempt,
  Begun,
  HoldSale,
  HoldStatus,
  HoldView,
  PaymentRefusal,
  Return,
  ReturnView,
  Sale,
  SaleCommand,
  SaleRecord,
  SaleRefusal,
  SettleSale,
  Source,
} from './sale.js';
import { viewOfSale } from './view.js';

export function newSale(saleId: string, returnPeriodMs: number, nowMs: number): Sale {
  return {
    saleId,
    returnPeriodMs,
    createdAt: instantOf(nowMs),
    attempt: null,
    endedHolds: [],
    returns: [],
    remembered: [],
  };
}

/** A try begins; what an earlier one came to is told by what is remembered, and by the payments' records. */
export function begun(sale: Sale, command: HoldSale | SettleSale, nowMs: number): Begun {
  const { commandId, by, customerId, currency, lines, payments, lifetimeMs } = command;
  const takenBeforeMinor = takenBefore(command);
  const attempt: Attempt = {
    ...{ commandId, by, customerId, currency, lines, takenBeforeMinor },
    takenElsewhereMinor: takenBeforeMinor - payments.reduce((sum, each) => sum + (each.takenMinor ?? 0), 0),
    holdExpiresAt: instantOf(nowMs + lifetimeMs),
    phase: { status: 'holding' },
    sources: payments.map(({ reference, amountMinor }) => ({
      ...unheld(reference),
      holdId: holdIdAt(sale.saleId, commandId, reference),
      heldMinor: amountMinor,
    })),
  };
  if (sale.attempt && !mayFollow(sale.attempt.phase.status, 'holding'))
    throw new Error('a sale that is held or completed is not begun again');
  return { ...endingHold(sale), attempt, returns: [] };
}

/** The id of a sale's hold at a payment. */
export function holdIdAt(saleId: string, commandId: string, reference: string): string {
  return derivedId('sale', saleId, commandId, 'hold', reference);
}

export function inPhase(sale: Begun, phase: Phase): Begun {
  const { status } = sale.attempt.phase;
  if (status !== phase.status && !mayFollow(status, phase.status))
    throw new Error(`a sale that is ${status} cannot be ${phase.status} next`);
  return { ...sale, attempt: { ...sale.attempt, phase } };
}

/**
 * What the payments held: nothing of those that refused; of those that did not answer perhaps all of it. A settlement
 * that is asked again, after somebody ended its workflow half-way, finds captured what it captured.
 */
export function withHolds(sale: Begun, command: HoldSale | SettleSale, answers: readonly PaymentAnswer[]): Begun {
  const goesOn = answers.some((answer) => isCapturedAlready(command, answer));
  return withSources(sale, (source) => {
    const answer = answerOf(answers, source.reference);
    const told = heard(source, answer);
    if (answer && isCapturedAlready(command, answer)) return { ...told, heldMinor: 0, capturedMinor: source.heldMinor };
    const isHeld = answer?.outcome === 'unanswered' || (answer?.outcome === 'accepted' && answer.hold !== 'gone');
    return isHeld || goesOn ? told : { ...told, heldMinor: 0 };
  });
}

/** Why a sale cannot be held. One that has taken something goes through: what is gone then, its capture will find. */
export function refusedToHold(command: HoldSale | SettleSale, answers: readonly PaymentAnswer[]): PaymentRefusal[] {
  return answers.some((answer) => isCapturedAlready(command, answer)) ? [] : refusedOf(answers);
}

function isCapturedAlready(command: HoldSale | SettleSale, answer: PaymentAnswer): boolean {
  if (command.kind !== 'settle' || answer.outcome !== 'accepted' || answer.hold !== 'gone' || !answer.sale)
    return false;
  const drawn = command.payments.find(({ reference }) => reference === answer.reference);
  const { takenMinor, givenBackMinor, keptMinor } = answer.sale;
  return drawn !== undefined && takenMinor - givenBackMinor - keptMinor >= (drawn.takenMinor ?? 0) + drawn.amountMinor;
}

/** What the sale holds under a new id, in the stead of what it held. */
export function withReplacement(
  sale: Begun,
  command: HoldSale,
  answers: readonly PaymentAnswer[],
  holdExpiresAt: Instant,
): Begun {
  const { commandId, by, lines } = command;
  const { attempt } = sale;
  const sources = replacedSources(attempt, command, heldHere(sale, command)).map((source) =>
    heard(source, answerOf(answers, source.reference)),
  );
  const ended = { ...sale, endedHolds: [...sale.endedHolds, { holdId: attempt.commandId, end: 'replaced' as const }] };
  return { ...ended, attempt: { ...attempt, commandId, by, lines, sources, holdExpiresAt } };
}

/** The holds of a replacement at its payments: those that are there keep their ids. */
export function heldHere({ saleId, attempt }: Begun, { commandId, payments }: HoldSale) {
  return payments.map(({ reference }) => {
    const before = attempt.sources.find((source) => source.reference === reference && source.heldMinor > 0);
    return { reference, holdId: before?.holdId ?? holdIdAt(saleId, commandId, reference) };
  });
}

export function withReleases(sale: Begun, answers: readonly PaymentAnswer[]): Begun {
  return withSources(sale, (source) => ({ ...heard(source, answerOf(answers, source.reference)), heldMinor: 0 }));
}

/** The hold's end is known now: whoever asks for it again is told of it, and not of the next one. */
function endingHold(sale: Sale): Sale {
  const { attempt, endedHolds } = sale;
  const status = attempt && statusOfHold(attempt);
  if (!attempt || !status || status === 'held') return sale;
  return { ...sale, endedHolds: [...endedHolds, { holdId: attempt.commandId, end: status }] };
}

/** What became of a hold of this sale; null when it never held anything under that id. */
export function viewOfHold({ attempt, endedHolds }: Sale, holdId: string): HoldView | null {
  const ended = endedHolds.find((each) => each.holdId === holdId);
  if (ended) return { holdId, status: ended.end };
  const status = attempt?.commandId === holdId ? statusOfHold(attempt) : null;
  return status && { holdId, status };
}

function statusOfHold({ phase }: Attempt): HoldStatus | null {
  switch (phase.status) {
    case 'holding':
    case 'refused':
      return null;
    case 'held':
    case 'replacing':
    case 'capturing':
    case 'releasing':
      return 'held';
    case 'completed':
      return 'captured';
    case 'released':
    case 'lapsed':
      return phase.status;
  }
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

/** What the payments say of it, in the stead of what the sale had heard last. */
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

/** What the books are told of a command that was answered. */
export function recordOfSale(
  sale: Sale,
  command: SaleCommand,
  back: ReturnView | null,
  refusal: SaleRefusal | null,
  nowMs: number,
): SaleRecord {
  const { commandId, kind, by } = command;
  const basket = command.kind === 'hold' || command.kind === 'settle' ? command.lines : null;
  return {
    ...{ saleId: sale.saleId, commandId, kind, bodyHash: bodyHash(command), outcome: refusal?.code ?? 'accepted' },
    customerId: 'customerId' in command ? command.customerId : (sale.attempt?.customerId ?? null),
    currency: 'currency' in command ? command.currency : (sale.attempt?.currency ?? null),
    lines: basket,
    answer: {
      refusal,
      return: back,
      sale: viewOfSale(sale),
      lines: sale.returns.find((each) => each.commandId === commandId)?.lines ?? [],
    },
    ...{ by, at: instantOf(nowMs) },
  };
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
    case 'releasing':
    case 'replacing':
      return holdExpiresAt;
  }
}

/** A sale that was started and told nothing. */
const UNBEGUN_MS = 60_000;

function withSources(sale: Begun, change: (source: Source) => Source): Begun {
  return { ...sale, attempt: { ...sale.attempt, sources: sale.attempt.sources.map(change) } };
}
