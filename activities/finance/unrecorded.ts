import type { Client } from '@temporalio/client';
import type { Sql } from '../../db/connect.js';
import { recordedRevisions } from '../../db/payment/accountPayments.js';
import { referencesInConflict } from '../../db/payment/ledgerConflicts.js';
import type { AccountPaymentView } from '../../domain/payment/payment.js';

const AT_ONCE = 40;

/**
 * How many decisions are not in the books yet. Which payments wait to be recorded the server knows without them or a
 * worker: the activity that records is pending. Only those are asked how far they are, and what the books contradict.
 * @param signal when nobody waits for it any more
 */
export async function countUnrecordedDecisions(
  { client, sql }: { readonly client: Client; readonly sql: Sql },
  taskQueue: string,
  signal: AbortSignal,
): Promise<number> {
  const query = `WorkflowType = 'accountPayment' AND ExecutionStatus = 'Running' AND TaskQueue = '${taskQueue}'`;
  const waiting = new Set<string>(await referencesInConflict(sql));
  await inTurns(client.workflow.list({ query }), signal, async ({ workflowId }) => {
    if (await isRecording(client, workflowId)) waiting.add(workflowId);
  });
  let decisions = 0;
  await inTurns([...waiting], signal, async (reference) => {
    const [row] = await recordedRevisions(sql, [reference]);
    const decided = (await client.workflow.getHandle(reference).query<AccountPaymentView>('payment')).revision;
    decisions += Math.max(0, decided - (row?.revision ?? 0));
  });
  return decisions;
}

async function isRecording(client: Client, workflowId: string): Promise<boolean> {
  const { pendingActivities } = await client.workflowService.describeWorkflowExecution({
    namespace: client.options.namespace,
    execution: { workflowId },
  });
  return pendingActivities?.some(({ activityType }) => activityType?.name === 'record') ?? false;
}

/** Some at a time, in whatever order, until nobody waits for it. */
async function inTurns<Each>(
  all: AsyncIterable<Each> | Iterable<Each>,
  signal: AbortSignal,
  work: (each: Each) => Promise<void>,
): Promise<void> {
  const iterator = Symbol.asyncIterator in all ? all[Symbol.asyncIterator]() : all[Symbol.iterator]();
  const turn = async () => {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      signal.throwIfAborted();
      await work(next.value);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, turn));
}
