import { ActivityFailure, proxyActivities } from '@temporalio/workflow';
import type { Activities } from './activities.js';
import type { Line } from '../domain/payment/command.js';
import type { Asked, PaymentAnswer } from '../domain/sale/answers.js';
import { retriedForEver } from './retries.js';

const { command } = proxyActivities<Pick<Activities, 'command'>>(retriedForEver);

/**
 * Asks the payments side by side, again and again until each has answered.
 * @param lines of the basket, for what is applied to it
 */
export async function ask(asked: readonly Asked[], lines?: readonly Line[]): Promise<PaymentAnswer[]> {
  if (asked.length === 0) return [];
  return command.executeWithOptions({ summary: summaryOf(asked) }, lines ? [asked, lines] : [asked]);
}

/** A hold is only worth waiting for as long as it would last. */
export async function askToHold(
  asked: readonly Asked[],
  lines: readonly Line[],
  withinMs: number,
): Promise<PaymentAnswer[]> {
  const options = { summary: summaryOf(asked), scheduleToCloseTimeout: withinMs };
  return (await unlessTooLate(command.executeWithOptions(options, [asked, lines]))) ?? unansweredBy(asked);
}

/** What an activity came to; `undefined` when its time was over before. */
export async function unlessTooLate<Result>(activity: Promise<Result>): Promise<Result | undefined> {
  try {
    return await activity;
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    return undefined;
  }
}

export function unansweredBy(asked: readonly Asked[]): PaymentAnswer[] {
  return asked.map(({ reference }) => ({ reference, outcome: 'unanswered' }));
}

/** What an activity asks, for operators. */
export function summaryOf(asked: readonly Asked[]): string {
  const kinds = [...new Set(asked.map((each) => each.command.kind))];
  return `${kinds.join(', ')}: ${asked.length === 1 ? asked[0]?.reference : `${asked.length} payments`}`;
}
