import { ApplicationFailure, continueAsNew, sleep, workflowInfo } from '@temporalio/workflow';
import type { Command } from '../../domain/payment/command.js';
import { giftStepId, hasDecided, type Gift, type GiftStep } from '../../domain/gift/gift.js';
import type { PaymentAnswer } from '../../domain/sale/answers.js';
import { ask } from '../askPayments.js';
import type { GiftStage, GiftWorkflow } from './start.js';

export async function tell(reference: string, command: Command): Promise<PaymentAnswer> {
  const [answer] = await ask([{ reference, command }]);
  if (!answer) throw ApplicationFailure.nonRetryable('no answer to what was asked', 'InternalError');
  return answer;
}

const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [5_000, 30 * 60 * 1_000];

/**
 * Asks until the payment itself has decided. Where its workflow is missing, or contradicts the books, it will only once
 * somebody has restored it; to go on without its word would take money from one customer and give it to nobody.
 * @param stage what a run that has grown long is continued with
 */
export async function insist(
  gift: Gift,
  stage: GiftStage,
  reference: string,
  command: Command,
): Promise<PaymentAnswer> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const answer = await tell(reference, command);
    if (answer.outcome !== 'refused' || hasDecided(answer.code)) return answer;
    await sleep(pauseMs, { summary: `${command.kind}: ${answer.code}` });
    if (workflowInfo().continueAsNewSuggested) return continueAsNew<GiftWorkflow>(gift, stage);
  }
}

/** What every step of a gift says of itself. */
export function step(gift: Gift, name: GiftStep) {
  const { giftId, by } = gift;
  return { commandId: stepId(gift, name), by, parent: { kind: 'gift', id: giftId, commandId: giftId } } as const;
}

export function stepId({ giftId }: Gift, name: GiftStep): string {
  return giftStepId(giftId, name);
}
