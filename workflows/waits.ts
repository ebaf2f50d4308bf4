import { condition } from '@temporalio/workflow';

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** For a timer until then. One of centuries would overflow the server's arithmetic; it is armed a year at a time. */
export function untilMs(due: string): number {
  return Math.max(1, Math.min(Date.parse(due) - Date.now(), YEAR_MS));
}

/** How often something has come that changed a workflow, or may have: a message that was taken, a timer, an answer. */
export type Changes = { count: number };

/**
 * Waits until this holds, which it looks at once a change. The SDK looks at every condition also when an update came
 * that its validator turned down. Nothing of that stays in the history, so a wait that went on then, because the clock
 * or the length of the history had, would go on elsewhere when it is replayed.
 */
export function onceChanged(changes: Changes, holds: () => boolean): Promise<void> {
  let looked: number | undefined;
  return condition(() => {
    if (looked === changes.count) return false;
    looked = changes.count;
    return holds();
  });
}
