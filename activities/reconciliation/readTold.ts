import { defaultPayloadConverter, isGrpcServiceError, type Client } from '@temporalio/client';
import type { Issue } from '../../domain/payment/command.js';
import type { Batch } from '../../domain/payment/record.js';
import { toldBy, type Ending, type Run, type Told } from '../../domain/reconciliation/told.js';
import type { Recorded } from '../../workflows/activities.js';
import type { AccountPaymentInput } from '../../workflows/payment/start.js';

/**
 * What the newest run of a payment tells, read from its history: no worker is asked, so none loads a workflow that
 * sleeps and lets go of one that tills use. Null when Temporal has no such workflow, or its history no more.
 */
export async function readTold(client: Client, reference: string): Promise<Told | null> {
  for (;;) {
    const events = await historyOf(client, reference);
    if (!events) return null;
    const run = runIn(events);
    // It went on in another run while it was read.
    if (run !== 'continued') return toldBy(run);
  }
}

/** What a payment was issued as: its first run began with it. Undefined once that run's history is gone. */
export async function readIssue(client: Client, reference: string): Promise<Issue | undefined> {
  const runs: { runId: string; startedAtMs: number }[] = [];
  for await (const { runId, startTime } of client.workflow.list({ query: `WorkflowId = '${reference}'` }))
    runs.push({ runId, startedAtMs: startTime.getTime() });
  runs.sort((one, other) => one.startedAtMs - other.startedAtMs);
  for (const { runId } of runs) {
    const input = inputOf((await historyOf(client, reference, runId)) ?? []);
    if (input?.origin === 'issued') return input.issue;
  }
  return undefined;
}

type Events = Awaited<ReturnType<typeof historyOf>> & object;

/** The events of a run, the newest unless it is named; undefined once Temporal has them no more. */
export async function historyOf(client: Client, workflowId: string, runId?: string) {
  try {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    return events ?? [];
  } catch (error) {
    if (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND) return undefined;
    throw error;
  }
}

/** gRPC's status code. */
const NOT_FOUND = 5;

function runIn(events: Events): Run | 'continued' {
  const last = events.at(-1);
  if (last?.workflowExecutionContinuedAsNewEventAttributes) return 'continued';
  const input = inputOf(events);
  const scheduled = new Map<string, { records: Batch['records']; isRecorded: boolean }>();
  for (const {
    eventId,
    activityTaskScheduledEventAttributes: asked,
    activityTaskCompletedEventAttributes: done,
  } of events) {
    if (asked?.activityType?.name === 'record') {
      const batch = read<Batch>(asked.input?.payloads?.[0]);
      if (batch) scheduled.set(String(eventId), { records: batch.records, isRecorded: false });
    }
    const batch = done && scheduled.get(String(done.scheduledEventId));
    if (batch) batch.isRecorded = read<Recorded>(done.result?.payloads?.[0]) === 'recorded';
  }
  const base = input?.origin === 'continued' ? input.state : null;
  return { ending: endingOf(last), base, batches: [...scheduled.values()] };
}

/** What a run began with. */
function inputOf(events: Events): AccountPaymentInput | undefined {
  return read<AccountPaymentInput>(events[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]);
}

function endingOf(last: Events[number] | undefined): Ending {
  if (last?.workflowExecutionCompletedEventAttributes) return 'completed';
  const isEnded =
    last?.workflowExecutionTerminatedEventAttributes ??
    last?.workflowExecutionFailedEventAttributes ??
    last?.workflowExecutionCanceledEventAttributes ??
    last?.workflowExecutionTimedOutEventAttributes;
  return isEnded ? 'gone' : 'open';
}

/** What stands in a history. */
export function read<Value>(payload: Parameters<typeof defaultPayloadConverter.fromPayload>[0] | null | undefined) {
  return payload ? defaultPayloadConverter.fromPayload<Value>(payload) : undefined;
}
