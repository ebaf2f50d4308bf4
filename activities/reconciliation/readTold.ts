import { defaultPayloadConverter, isGrpcServiceError, type Client } from '@temporalio/client';
import { commandKinds, type Issue } from '../../domain/payment/command.js';
import type { Answer } from '../../domain/payment/handle.js';
import type { Batch } from '../../domain/payment/record.js';
import type { LastRun } from '../../domain/reconciliation/lost.js';
import { toldBy, type Ending, type Run, type Told } from '../../domain/reconciliation/told.js';
import type { Recorded } from '../../workflows/activities.js';
import type { AccountPaymentInput } from '../../workflows/payment/start.js';

/**
 * What the newest run of a payment tells, read from its history: no worker is asked, so none loads a workflow that
 * sleeps and lets go of one that tills use. Null when Temporal has no such workflow, or its history no more.
 */
export async function readTold(client: Client, reference: string): Promise<Told | null> {
  const newest = await newestRun(client, reference);
  return newest && toldBy(newest.run);
}

/** The same with all that its newest run heard and answered. */
export async function readLastRun(client: Client, reference: string): Promise<LastRun | null> {
  const newest = await newestRun(client, reference);
  return newest && { told: toldBy(newest.run), ...heardIn(newest.events) };
}

async function newestRun(client: Client, reference: string): Promise<{ run: Run; events: Events } | null> {
  for (;;) {
    const events = await historyOf(client, reference);
    if (!events) return null;
    const run = runIn(events);
    // It went on in another run while it was read.
    if (run !== 'continued') return { run, events };
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

export type Events = Awaited<ReturnType<typeof historyOf>> & object;

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

function heardIn(events: Events): Omit<LastRun, 'told'> {
  const input = inputOf(events);
  const signals: { readonly name: string; readonly message: unknown }[] =
    input?.origin === 'continued' ? input.waiting.map(({ kind, message }) => ({ name: kind, message })) : [];
  const records = new Set<string>();
  let [answeredRevision, booksSaid] = [0, null as LastRun['booksSaid']];
  for (const event of events) {
    const signal = event.workflowExecutionSignaledEventAttributes;
    if (signal) signals.push({ name: signal.signalName ?? '', message: read(signal.input?.payloads?.[0]) });
    const answered = event.workflowExecutionUpdateCompletedEventAttributes?.outcome?.success?.payloads?.[0];
    const answer = read<Partial<Answer>>(answered);
    answeredRevision = Math.max(answeredRevision, answer?.payment?.revision ?? 0);
    if (event.activityTaskScheduledEventAttributes?.activityType?.name === 'record') records.add(String(event.eventId));
    const done = event.activityTaskCompletedEventAttributes;
    if (done && records.has(String(done.scheduledEventId)))
      booksSaid = read<Recorded>(done.result?.payloads?.[0]) ?? null;
  }
  const signalled = signals
    .filter(({ name }) => commandKinds.some((kind) => kind === name))
    .map(({ message }) => idIn(message));
  return { answeredRevision, booksSaid, signalled: signalled.filter((id) => id !== undefined) };
}

/** Nobody can name one without an id, and it is dropped. */
function idIn(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null || !('commandId' in message)) return undefined;
  return typeof message.commandId === 'string' ? message.commandId : undefined;
}

/** What a run began with. */
export function inputOf(events: Events): AccountPaymentInput | undefined {
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
