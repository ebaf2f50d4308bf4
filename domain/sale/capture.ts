import type { Instant } from '../instants.js';
import { answerOf, withAnswer, type PaymentAnswer } from './answers.js';
import type { Share } from './quote.js';
import type { Begun, Source } from './sale.js';

/** What one payment is asked for when a sale takes what it holds. */
export type Taking = {
  readonly source: Source;
  readonly step: 'capture' | 'prolong' | 'release';
  /** To be captured, or to stay held. */
  readonly amountMinor: number;
};

/** Of payments that the capture leaves out nothing is taken: they stay held for another delivery, or are let go. */
export function planCapture({ attempt }: Begun, shares: readonly Share[], heldUntil: Instant | undefined): Taking[] {
  return attempt.sources
    .filter(({ heldMinor }) => heldMinor > 0)
    .map((source): Taking => {
      const share = shares.find(({ reference }) => reference === source.reference);
      if (share) return { source, step: 'capture', amountMinor: share.amountMinor };
      return { source, step: heldUntil === undefined ? 'release' : 'prolong', amountMinor: source.heldMinor };
    });
}

/**
 * What was to be captured, whose hold is gone, and which the sale does not have: it is taken as if there had been no
 * hold. An earlier life of the sale, or an operator, may have captured it already.
 */
export function toTakeAnew(takings: readonly Taking[], answers: readonly PaymentAnswer[]): Share[] {
  return takings.flatMap(({ source, step, amountMinor }) => {
    if (step !== 'capture') return [];
    const answer = answerOf(answers, source.reference);
    return answer?.outcome === 'accepted' || hasTaken(answer, source, amountMinor)
      ? []
      : [{ reference: source.reference, amountMinor }];
  });
}

/** Holds that are there still, though they could not be captured. */
export function stillHeld(takings: readonly Taking[], answers: readonly PaymentAnswer[]): Source[] {
  return takings.flatMap(({ source, step }) => {
    const answer = answerOf(answers, source.reference);
    return step === 'capture' && answer?.outcome === 'refused' && !isGone(answer.code) ? [source] : [];
  });
}

export type Captured = {
  readonly sale: Begun;
  /** `lapsed` when there was nothing to take, and nothing had been promised. */
  readonly next: 'held' | 'completed' | 'lapsed';
  /** Promised to the till as taken, and gone. */
  readonly missing: readonly Share[];
};

/** What was taken, what stays held until when, and what is missing. */
export function afterCapture(sale: Begun, takings: readonly Taking[], heard: Heard): Captured {
  const { attempt } = sale;
  const sources = attempt.sources.map((source) => {
    const taking = takings.find((each) => each.source.reference === source.reference);
    return taking ? sourceAfter(taking, heard) : source;
  });
  const missing = sources.flatMap(({ reference, missingMinor }, i) => {
    const amountMinor = missingMinor - (attempt.sources[i]?.missingMinor ?? 0);
    return amountMinor > 0 ? [{ reference, amountMinor }] : [];
  });
  const isHeld = sources.some(({ heldMinor }) => heldMinor > 0);
  const told = { ...sale, attempt: { ...attempt, sources } };
  if (!isHeld && !hasCaptured(told) && attempt.phase.status !== 'completing') {
    const unpromised = sources.map((source) => ({ ...source, missingMinor: 0 }));
    return { sale: { ...sale, attempt: { ...attempt, sources: unpromised } }, next: 'lapsed', missing: [] };
  }
  if (!isHeld || heard.heldUntil === undefined) return { sale: told, next: 'completed', missing };
  return { sale: { ...told, attempt: { ...told.attempt, holdExpiresAt: heard.heldUntil } }, next: 'held', missing };
}

function sourceAfter({ source, step, amountMinor }: Taking, { answers, anew, heldUntil }: Heard): Source {
  const [answer, again] = [answerOf(answers, source.reference), answerOf(anew, source.reference)];
  const told = withAnswer(withAnswer(source, answer), again);
  if (step !== 'capture') {
    const stays = step === 'prolong' && answer?.outcome === 'accepted' && answer.hold !== 'gone';
    return { ...told, heldMinor: stays ? source.heldMinor : 0 };
  }
  const isCaptured = answer?.outcome === 'accepted';
  const restMinor = isCaptured && heldUntil !== undefined ? source.heldMinor - amountMinor : 0;
  const isTaken = isCaptured || hasTaken(answer, source, amountMinor) || again?.outcome === 'accepted';
  return isTaken
    ? { ...told, heldMinor: restMinor, capturedMinor: source.capturedMinor + amountMinor }
    : { ...told, heldMinor: 0, missingMinor: source.missingMinor + amountMinor };
}

type Heard = {
  readonly answers: readonly PaymentAnswer[];
  readonly anew: readonly PaymentAnswer[];
  readonly heldUntil: Instant | undefined;
};

/** Whether this try has taken anything: then it is completed, whatever becomes of the rest. */
export function hasCaptured({ attempt }: Begun): boolean {
  return attempt.sources.some(({ capturedMinor }) => capturedMinor > 0);
}

function hasTaken(answer: PaymentAnswer | undefined, { takenMinor }: Source, amountMinor: number): boolean {
  if (answer?.outcome !== 'refused' || !isGone(answer.code) || !answer.sale) return false;
  return answer.sale.takenMinor >= takenMinor + amountMinor;
}

function isGone(code: string): boolean {
  return code === 'hold_closed' || code === 'hold_expired' || code === 'hold_not_found';
}
