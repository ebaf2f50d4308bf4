import type { SaleKey } from '../payment/command.js';
import { leftMinor } from '../payment/figures.js';
import { saleStepId } from './stepId.js';
import { instantOf, type Instant } from '../instants.js';
import { answerOf, withAnswer, refusedOf, type PaymentAnswer } from './answers.js';
import { takenBefore } from './decide.js';
import { mayFollow } from './phases.js';
import { replacedSources, unheld } from './replace.js';
import type { Attempt, Begun, HoldSale, HoldStatus, HoldView, PaymentRefusal, Sale, SettleSale } from './sale.js';
import { withSources } from './sources.js';

/** A try begins; what an earlier one came to is told by what is remembered, and by the payments' records. */
export function beginAttempt(sale: Sale, command: HoldSale | SettleSale, nowMs: number): Begun {
  const { commandId, by, customerId, currency, lines, payments, lifetimeMs } = command;
  const takenBeforeMinor = takenBefore(command);
  const attempt: Attempt = {
    commandId,
    by,
    customerId,
    currency,
    lines,
    takenBeforeMinor,
    takenElsewhereMinor: takenBeforeMinor - payments.reduce((sum, each) => sum + (each.takenMinor ?? 0), 0),
    holdExpiresAt: instantOf(nowMs + lifetimeMs),
    phase: { status: 'holding' },
    sources: payments.map(({ reference, amountMinor }) => ({
      ...unheld(reference),
      holdId: holdIdAt(sale, commandId, reference),
      heldMinor: amountMinor,
    })),
  };
  if (sale.attempt && !mayFollow(sale.attempt.phase.status, 'holding'))
    throw new Error('a sale that is held or completed is not begun again');
  return { ...endingHold(sale), attempt, returns: [] };
}

/** The id of a sale's hold at a payment. */
function holdIdAt(sale: SaleKey, commandId: string, reference: string): string {
  return saleStepId(sale, commandId, 'hold', reference);
}

/**
 * What the payments held: nothing of those that refused; of those that did not answer perhaps all of it. A settlement
 * that is asked again, after somebody ended its workflow half-way, finds captured what it captured.
 */
export function withHolds(sale: Begun, command: HoldSale | SettleSale, answers: readonly PaymentAnswer[]): Begun {
  const goesOn = answers.some((answer) => isCapturedAlready(command, answer));
  return withSources(sale, (source) => {
    const answer = answerOf(answers, source.reference);
    const told = withAnswer(source, answer);
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
  return drawn !== undefined && leftMinor(answer.sale) >= (drawn.takenMinor ?? 0) + drawn.amountMinor;
}

/** What the sale holds under a new id, in place of what it held. */
export function withReplacement(
  sale: Begun,
  command: HoldSale,
  answers: readonly PaymentAnswer[],
  holdExpiresAt: Instant,
): Begun {
  const { commandId, by, lines } = command;
  const { attempt } = sale;
  const sources = replacedSources(attempt, command, heldHere(sale, command)).map((source) =>
    withAnswer(source, answerOf(answers, source.reference)),
  );
  const ended = { ...sale, endedHolds: [...sale.endedHolds, { holdId: attempt.commandId, end: 'replaced' as const }] };
  return { ...ended, attempt: { ...attempt, commandId, by, lines, sources, holdExpiresAt } };
}

/** The holds of a replacement at its payments: those that are there keep their ids. */
export function heldHere(sale: Begun, { commandId, payments }: HoldSale) {
  return payments.map(({ reference }) => {
    const before = sale.attempt.sources.find((source) => source.reference === reference && source.heldMinor > 0);
    return { reference, holdId: before?.holdId ?? holdIdAt(sale, commandId, reference) };
  });
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
    case 'completing':
    case 'completed':
      return 'captured';
    case 'released':
    case 'lapsed':
      return phase.status;
  }
}
