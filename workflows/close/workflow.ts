import {
  CancellationScope,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  upsertMemo,
} from '@temporalio/workflow';
import type { Activities } from '../activities.js';
import type { DaysClosed, MonthClosed, MonthToClose } from '../../domain/finance/closing.js';

const retry = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' } as const;

const { areDaysDue } = proxyActivities<Pick<Activities, 'areDaysDue'>>({ startToCloseTimeout: '1 minute', retry });

const { closeMonthInBooks, closeDaysInBooks } = proxyActivities<
  Pick<Activities, 'closeMonthInBooks' | 'closeDaysInBooks'>
>({
  // A year of many shops that was never closed takes minutes.
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '1 minute',
  retry,
});

/** Once: what it cannot count in time, a close says that it does not know. */
const { countUnrecorded } = proxyActivities<Pick<Activities, 'countUnrecorded'>>({
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '10 minutes',
  heartbeatTimeout: '1 minute',
  retry: { maximumAttempts: 1 },
});

/** Closes a month of an entity in the books, and keeps its head here, where nobody who writes there comes. */
export async function closeMonth(wish: MonthToClose): Promise<MonthClosed> {
  return CancellationScope.nonCancellable(async () => {
    const closed = await closeMonthInBooks(wish, await unrecorded());
    if (closed.outcome === 'closed') {
      upsertMemo({ head: closed.head, position: closed.position });
      setCurrentDetails(
        `Closed as number ${closed.position} of ${wish.legalEntity}, with the head \`${closed.head}\`.`,
      );
    }
    return closed;
  });
}

/** Closes the days that are due, of all shops, and keeps the heads that the entities' closes have then. */
export async function closeDays(): Promise<DaysClosed> {
  if ((await areDaysDue()) === 'none') return { closes: 0, heads: [] };
  const closed = await closeDaysInBooks(await unrecorded());
  upsertMemo({ heads: closed.heads });
  return closed;
}

async function unrecorded(): Promise<number | null> {
  try {
    return await countUnrecorded();
  } catch (error) {
    if (isCancellation(error)) throw error;
    return null;
  }
}
