import type { Answer } from '../../domain/payment/handle.js';

const PAUSE_MS = 20;

/**
 * Asks a payment again as long as all it says is that its issue is not recorded: one that was not waited for is in the
 * books a moment later, and only then the payment takes commands.
 * @param ask sends the command, or tells something else when the payment has no workflow
 */
export async function onceRecorded<None>(
  ask: () => Promise<Answer | None>,
  { patienceMs, pause }: { patienceMs: number; pause: (ms: number) => Promise<unknown> },
): Promise<Answer | None> {
  for (const giveUpAt = Date.now() + patienceMs; ;) {
    const answer = await ask();
    if (!isUnrecorded(answer) || Date.now() > giveUpAt) return answer;
    await pause(PAUSE_MS);
  }
}

function isUnrecorded(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'code' in answer && answer.code === 'issue_not_recorded';
}

/** The type of the failure by which a payment turns an update down, unread: its history has no room for it. */
export const NO_ROOM_IN_RUN = 'NoRoomInRun';

/** Whether an update failed with that: nothing has changed. */
export function hadNoRoom(failed: unknown): boolean {
  const cause = failed instanceof Error ? failed.cause : undefined;
  return cause instanceof Error && 'type' in cause && cause.type === NO_ROOM_IN_RUN;
}
