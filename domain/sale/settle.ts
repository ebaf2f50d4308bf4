import { answerOf, withAnswer, type PaymentAnswer } from './answers.js';
import { afterCapture, planCapture, toTakeAnew, type Captured, type Taking } from './capture.js';
import type { Begun, HoldSale, SaleCommand, SettleSale } from './sale.js';
import { withSources } from './sources.js';
import { inPhase } from './steps.js';
import type { Instant } from '../instants.js';

/** Whether a command draws on payments anew. */
export function isSelling(command: SaleCommand): command is HoldSale | SettleSale {
  return command.kind === 'hold' || command.kind === 'settle';
}

/** One payment by itself decides all or nothing with an apply. */
export function needsNoHold({ kind, payments }: HoldSale | SettleSale): boolean {
  return kind === 'settle' && payments.length === 1;
}

/** A sale whose one payment has given what it was asked for. */
export function completedByApply(sale: Begun, answers: readonly PaymentAnswer[], since: Instant): Begun {
  const taken = withSources(sale, (source) => ({
    ...withAnswer(source, answerOf(answers, source.reference)),
    heldMinor: 0,
    capturedMinor: source.heldMinor,
  }));
  return inPhase(taken, { status: 'completed', since });
}

/** All that a sale holds, which it is about to take. */
export function planCompletion(sale: Begun): Taking[] {
  const shares = sale.attempt.sources.map(({ reference, heldMinor }) => ({ reference, amountMinor: heldMinor }));
  return planCapture(sale, shares, undefined);
}

/** A sale that was decided, with what its payments gave; what one of them does not have any more is missing. */
export function completedByCaptures(
  sale: Begun,
  takings: readonly Taking[],
  answers: readonly PaymentAnswer[],
  anew: readonly PaymentAnswer[] = [],
): Pick<Captured, 'sale' | 'missing'> & { readonly since: Instant } {
  const { sale: taken, missing } = afterCapture(sale, takings, { answers, anew, heldUntil: undefined });
  const { phase } = sale.attempt;
  if (phase.status !== 'completing') throw new Error('a sale is completed that was not decided');
  const { since } = phase;
  return { sale: inPhase(taken, { status: 'completed', since }), missing, since };
}

/** Whether every payment has given what it held. */
export function isAllTaken(takings: readonly Taking[], answers: readonly PaymentAnswer[]): boolean {
  return takings.length === answers.length && toTakeAnew(takings, answers).length === 0;
}
