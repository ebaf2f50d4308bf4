import { Client, type WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { inject } from 'vitest';
import { until } from './shop.js';

const MOST_STARTS = 5;

/** A server whose clock can be put forward. The SDK gives it 5 s to come up, which a busy machine may not keep. */
export async function startTimeSkipping(starts = 1): Promise<TestWorkflowEnvironment> {
  try {
    return await TestWorkflowEnvironment.createTimeSkipping({ server: { executable: inject('timeSkippingServer') } });
  } catch (error) {
    if (starts === MOST_STARTS) throw error;
    return startTimeSkipping(starts + 1);
  }
}

/**
 * A client under which time passes only when it is told to. That of the environment lets the clock run as soon as a
 * result is waited for, and the test server can lock itself up when a timer comes while a task is being completed.
 */
export function patientClient(env: TestWorkflowEnvironment): Client {
  return new Client({ connection: env.connection });
}

/** Lets time pass once nothing of these workflows is under way. A second is enough after a deadline. */
export async function passTime(env: TestWorkflowEnvironment, quiet: WorkflowHandle[], ms: number): Promise<void> {
  await untilQuiet(quiet);
  await env.sleep(ms);
}

/** Until no task and no activity of them is under way. */
export async function untilQuiet(handles: WorkflowHandle[]): Promise<void> {
  for (const handle of handles) await until(() => isQuiet(handle));
}

async function isQuiet(handle: WorkflowHandle): Promise<boolean> {
  const { pendingActivities } = (await handle.describe()).raw;
  const { events } = await handle.fetchHistory();
  const task = events?.findLast(
    (event) =>
      event.workflowTaskScheduledEventAttributes ??
      event.workflowTaskStartedEventAttributes ??
      event.workflowTaskCompletedEventAttributes,
  );
  return pendingActivities?.length === 0 && !!task?.workflowTaskCompletedEventAttributes;
}
