import { Client, ScheduleAlreadyRunning, type Connection } from '@temporalio/client';
import { reconciliationSchedules } from '../workflows/reconciliation/start.js';
import { TASK_QUEUE } from '../workflows/taskQueue.js';

/** One that could not start when it was due is started within this time, and else the next time. */
const CATCH_UP = '1 hour';

/** Sees to it that payments are compared with the books by themselves, as today's settings say; safe to repeat. */
export async function ensureSchedules(connection: Connection, namespace: string, timeZone: string): Promise<void> {
  const { schedule } = new Client({ connection, namespace });
  for (const { scheduleId, asked, at } of reconciliationSchedules) {
    const spec = { calendars: [at], timezone: timeZone };
    const action = {
      type: 'startWorkflow' as const,
      workflowType: 'reconciliation',
      workflowId: scheduleId,
      taskQueue: TASK_QUEUE,
      args: [asked],
    };
    const policies = { catchupWindow: CATCH_UP };
    try {
      await schedule.create({ scheduleId, spec, action, policies });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      // Somebody may have paused it: that stays.
      await schedule
        .getHandle(scheduleId)
        .update(({ state }) => ({ spec, action, policies: { catchupWindow: CATCH_UP, overlap: 'SKIP' }, state }));
    }
  }
}
