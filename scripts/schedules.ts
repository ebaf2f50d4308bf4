import { Client, ScheduleAlreadyRunning, type Connection, type ScheduleOptions } from '@temporalio/client';
import { DAY_CLOSES } from '../workflows/close/start.js';
import { reconciliationSchedules } from '../workflows/reconciliation/start.js';
import { TASK_QUEUE } from '../workflows/taskQueue.js';

/** One that could not start when it was due is started within this time, and else the next time. */
const CATCH_UP = '1 hour';

/**
 * Sees to it that payments are compared with the books, and that days close, by themselves, as today's settings say;
 * safe to repeat.
 */
export async function ensureSchedules(connection: Connection, namespace: string, timeZone: string): Promise<void> {
  const { schedule } = new Client({ connection, namespace });
  const wanted = [
    ...reconciliationSchedules.map((each) => reconciliationSchedule(each, timeZone)),
    closeDaysSchedule(),
  ];
  for (const options of wanted) {
    const { scheduleId, spec, action, policies } = options;
    try {
      await schedule.create(options);
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      // Somebody may have paused it: that stays.
      await schedule
        .getHandle(scheduleId)
        .update(({ state }) => ({ spec, action, policies: { ...policies, overlap: 'SKIP' }, state }));
    }
  }
}

type Wanted = Pick<ScheduleOptions, 'scheduleId' | 'spec'> & {
  readonly action: Extract<ScheduleOptions['action'], { type: 'startWorkflow' }> & {
    workflowId: string;
    args: unknown[];
  };
  readonly policies: { readonly catchupWindow: typeof CATCH_UP };
};

function reconciliationSchedule(
  { scheduleId, asked, at }: (typeof reconciliationSchedules)[number],
  timeZone: string,
): Wanted {
  const spec = { calendars: [at], timezone: timeZone };
  return { scheduleId, spec, ...starting('reconciliation', scheduleId, [asked], TASK_QUEUE) };
}

/** Looks ever again whether a day is over somewhere: each run closes all that is due, and all that was missed. */
export function closeDaysSchedule(taskQueue = TASK_QUEUE): Wanted {
  const { scheduleId, workflowId, type, everyMs } = DAY_CLOSES;
  return { scheduleId, spec: { intervals: [{ every: everyMs }] }, ...starting(type, workflowId, [], taskQueue) };
}

function starting(workflowType: string, workflowId: string, args: unknown[], taskQueue: string) {
  const action = { type: 'startWorkflow' as const, workflowType, workflowId, taskQueue, args };
  return { action, policies: { catchupWindow: CATCH_UP } } as const;
}
