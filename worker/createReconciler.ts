import { Client } from '@temporalio/client';
import { Worker, type NativeConnection } from '@temporalio/worker';
import { createReconciliationActivities } from '../activities/reconciliation/createReconciliationActivities.js';
import type { Sql } from '../db/connect.js';
import { reconciliationQueue, TASK_QUEUE } from '../workflows/taskQueue.js';

type ReconcilerParts = { connection: NativeConnection; namespace: string; sql: Sql; taskQueue?: string };

/** Compares payments with the books, on a queue of its own and one comparison at a time. It runs no workflow. */
export async function createReconciler({ connection, namespace, sql, taskQueue }: ReconcilerParts): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue: reconciliationQueue(taskQueue ?? TASK_QUEUE),
    activities: createReconciliationActivities({ sql, client: new Client({ connection, namespace }) }),
    maxConcurrentActivityTaskExecutions: 1,
  });
}
