import type { Connection } from '@temporalio/client';
import type { RecordedWatch } from '../../service/recordedWatch.js';

/**
 * How long a shop's own app waits for Temporal, workers and Postgres: as long as a slow machine needs, unless said only
 * while the shop has a worker of its own; or so long for Temporal alone, where Postgres is away and what is told then
 * is the matter of the test.
 */
export type Patience = 'ample' | 'ample_with_worker' | 'ample_without_books';

export const AMPLE_MS = 30_000;

/** Gives this connection that much more time for everything, while `isAmple`. */
export function withAmpleDeadlines(connection: Connection, isAmple: () => boolean): void {
  const withDeadline = connection.withDeadline.bind(connection);
  connection.withDeadline = (deadline, ask) => withDeadline(isAmple() ? Number(deadline) + AMPLE_MS : deadline, ask);
}

/** What callers wait for the books who say nothing of it. Who says less means it. */
const USUAL_WAIT_MS = 2_000;

/** Waits longer for the books than callers would, while `isAmple`. */
export function withAmpleWait(untilRecorded: RecordedWatch, isAmple: () => boolean): RecordedWatch {
  return (awaited, patienceMs) =>
    untilRecorded(awaited, patienceMs >= USUAL_WAIT_MS && isAmple() ? AMPLE_MS : patienceMs);
}
