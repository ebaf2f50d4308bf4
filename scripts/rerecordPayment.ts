import type { Client } from '@temporalio/client';
import { historyOf, inputOf, read, type Events } from '../activities/reconciliation/readTold.js';
import type { Sql } from '../db/connect.js';
import { recordedRevisions } from '../db/payment/accountPayments.js';
import { recordBatch } from '../db/payment/record.js';
import { stateAtIssue } from '../domain/payment/issue.js';
import type { Batch } from '../domain/payment/record.js';

/**
 * Brings the books of a payment what they miss, from its histories: the inputs of `record`, and what each run began
 * with. After a backup was put back that knew less, and of an issue that was promised and never recorded. Returns how
 * many commands were brought.
 * @throws LedgerConflict when the books say something else
 */
export async function rerecordPayment(
  { client, sql }: { client: Client; sql: Sql },
  reference: string,
): Promise<number> {
  let brought = 0;
  for (const { terms, records, runId } of await recordedBatches(client, reference)) {
    const [row] = await recordedRevisions(sql, [reference]);
    const missing = records.filter(({ revision }) => revision > (row?.revision ?? 0));
    if (missing.length === 0) continue;
    await recordBatch(sql, { terms, records: missing }, runId);
    brought += missing.length;
  }
  return brought;
}

/** Of all runs that the server still has, oldest first. */
async function recordedBatches(client: Client, reference: string): Promise<(Batch & { runId: string })[]> {
  const runs: { runId: string; startedAtMs: number }[] = [];
  for await (const { runId, startTime } of client.workflow.list({ query: `WorkflowId = '${reference}'` }))
    runs.push({ runId, startedAtMs: startTime.getTime() });
  const batches: (Batch & { runId: string })[] = [];
  for (const { runId } of runs.sort((a, b) => a.startedAtMs - b.startedAtMs)) {
    const events = (await historyOf(client, reference, runId)) ?? [];
    const begun = waitingIn(events);
    if (begun) batches.push({ ...begun, runId });
    for (const { activityTaskScheduledEventAttributes: scheduled } of events) {
      if (scheduled?.activityType?.name !== 'record') continue;
      const batch = read<Batch>(scheduled.input?.payloads?.[0]);
      if (batch) batches.push({ ...batch, runId });
    }
  }
  return batches;
}

/** What waited to be recorded when a run began, which it may never have come to bring. */
function waitingIn(events: Events): Batch | undefined {
  const input = inputOf(events);
  if (!input) return undefined;
  const { payment, outbox } = input.origin === 'issued' ? stateAtIssue(input.issue) : input.state;
  return { terms: payment.terms, records: outbox };
}
