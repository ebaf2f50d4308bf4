import type { Client } from '@temporalio/client';
import { recordOfApplied, recordOfCaptured } from '../../domain/sale/record.js';
import type { KeptFee, SalePlan } from '../../domain/sale/return.js';
import type { SaleRecord } from '../../domain/sale/sale.js';
import type { Beginning, Beginnings, Completed, Completing } from '../../workflows/activities.js';
import { historyOf, read } from './readTold.js';

/** What a sale's workflows told the books, in the order of their runs. */
export type ToldOfSale = {
  readonly plans: readonly SalePlan[];
  readonly answers: readonly SaleRecord[];
  readonly fees: readonly KeptFee[];
};

/**
 * Reads it from the histories of these runs of a sale: the inputs of what writes to the books, and of what also does
 * something else the results.
 */
export async function readSale(client: Client, workflowId: string, runIds: readonly string[]): Promise<ToldOfSale> {
  const told = { plans: [] as SalePlan[], answers: [] as SaleRecord[], fees: [] as KeptFee[] };
  for (const runId of runIds) {
    const scheduled = new Map<string, { name: string; input: unknown }>();
    const events = (await historyOf(client, workflowId, runId)) ?? [];
    for (const { eventId, activityTaskScheduledEventAttributes: asked, ...event } of events) {
      if (asked) {
        const [name, input] = [asked.activityType?.name ?? '', read<unknown>(asked.input?.payloads?.[0])];
        scheduled.set(String(eventId), { name, input });
        if (name === 'recordSale') told.answers.push(...(input as SaleRecord[]));
        if (name === 'recordPlan') told.plans.push(input as SalePlan);
      }
      const done = event.activityTaskCompletedEventAttributes;
      const step = done && scheduled.get(String(done.scheduledEventId));
      if (!step) continue;
      const result = read<unknown>(done.result?.payloads?.[0]);
      if (step.name === 'keepFee' && result === 'kept') told.fees.push(step.input as KeptFee);
      const written = writtenBy(step, result);
      if (written) told.answers.push(written);
    }
  }
  return told;
}

/** What was written in the same step in which the payments were asked. */
function writtenBy({ name, input }: { name: string; input: unknown }, result: unknown): SaleRecord | undefined {
  if (name === 'begin') {
    const { answers, at, record } = result as Beginnings;
    if (record !== 'written' || !answers) return undefined;
    const { sale, command } = input as Beginning;
    return recordOfApplied(sale, command, answers, at);
  }
  if (name === 'complete') {
    const { answers, record } = result as Completed;
    if (record !== 'written') return undefined;
    const { sale, command } = input as Completing;
    return recordOfCaptured(sale, command, answers);
  }
  return undefined;
}
