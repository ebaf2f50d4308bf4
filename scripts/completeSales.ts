import type { Client } from '@temporalio/client';
import { readSale, type ToldOfSale } from '../activities/reconciliation/readSale.js';
import type { Sql } from '../db/connect.js';
import { describeFailure } from '../db/outage.js';
import { keptAmong, putBackKeptFee } from '../db/payment/keptFees.js';
import { putBackSaleCommands } from '../db/sale/putBack.js';
import { insertSalePlan } from '../db/sale/salePlans.js';
import { saleKeyOf } from '../domain/payment/command.js';
import { inParallel } from '../activities/inParallel.js';

type Parts = { readonly client: Client; readonly sql: Sql };

/** How many answers and fees of sales were brought back, and of which sales something could not be. */
export type CompletedSales = { readonly answers: number; readonly fees: number; readonly left: readonly string[] };

const AT_ONCE = 4;

/**
 * Brings books that were put back what sales had told them: what they answered and planned, and the fees that were kept
 * of ended payments. These have to be in the books before: a fee is kept of what they say that a sale still has.
 */
export async function completeSales({ client, sql }: Parts): Promise<CompletedSales> {
  const sales = await runsOfSales(client);
  const done = await inParallel(AT_ONCE, sales.length, async (i) => {
    const [workflowId, runIds] = sales[i] as (typeof sales)[number];
    try {
      return await bring(sql, workflowId, await readSale(client, workflowId, runIds));
    } catch (error) {
      return { answers: 0, fees: 0, left: [`${workflowId} (${describeFailure(error)})`] };
    }
  });
  return {
    answers: done.reduce((sum, each) => sum + each.answers, 0),
    fees: done.reduce((sum, each) => sum + each.fees, 0),
    left: done.flatMap((each) => each.left),
  };
}

/** All sales of which Temporal has a history still, each with its runs, oldest first. */
async function runsOfSales(client: Client): Promise<[workflowId: string, runIds: string[]][]> {
  const runs: { workflowId: string; runId: string; startedAtMs: number }[] = [];
  for await (const each of client.workflow.list({ query: "WorkflowType = 'sale'", pageSize: 1_000 }))
    runs.push({ workflowId: each.workflowId, runId: each.runId, startedAtMs: each.startTime.getTime() });
  const sales = new Map<string, string[]>();
  for (const { workflowId, runId } of runs.sort((one, other) => one.startedAtMs - other.startedAtMs))
    sales.set(workflowId, [...(sales.get(workflowId) ?? []), runId]);
  return [...sales];
}

async function bring(sql: Sql, workflowId: string, { plans, answers, fees }: ToldOfSale): Promise<CompletedSales> {
  for (const plan of plans) await insertSalePlan(sql, plan);
  const [first] = answers;
  const brought = first ? await putBackSaleCommands(sql, saleKeyOf(first), answers) : 0;
  const ids = fees.map(({ commandId }) => commandId);
  const known = await keptAmong(sql, ids);
  let kept = 0;
  for (const fee of fees.filter(({ commandId }) => !known.has(commandId)))
    if ((await putBackKeptFee(sql, fee, Date.now())) === 'kept') kept += 1;
  const isAllKept = known.size + kept === new Set(ids).size;
  return { answers: brought, fees: kept, left: isAllKept ? [] : [`${workflowId} (a fee was given back meanwhile)`] };
}
