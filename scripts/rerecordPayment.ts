import { defaultPayloadConverter, type Client } from '@temporalio/client';
import type { Sql } from '../db/connect.js';
import { recordedRevisions } from '../db/payment/accountPayments.js';
import { recordBatch } from '../db/payment/record.js';
import type { Batch } from '../domain/payment/record.js';

/**
 * Brings the books of a payment what they miss, from the inputs of `record` in its histories: after a backup was put
 * back that knew less. Returns how many commands were brought.
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
    const { events } = await client.workflow.getHandle(reference, runId).fetchHistory();
    for (const { activityTaskScheduledEventAttributes: scheduled } of events ?? []) {
      const [payload] = scheduled?.activityType?.name === 'record' ? (scheduled.input?.payloads ?? []) : [];
      if (payload) batches.push({ ...defaultPayloadConverter.fromPayload<Batch>(payload), runId });
    }
  }
  return batches;
}
