import { DefaultLogger, Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import { Client } from '@temporalio/client';
import { BOOK_SLOTS, createActivities } from '../activities/createActivities.js';
import type { Sql } from '../db/connect.js';
import type { Activities } from '../workflows/activities.js';
import { TASK_QUEUE } from '../workflows/taskQueue.js';
import { findBundle } from './bundle.js';
import { roomForWorkflows } from './cacheSize.js';

export type WorkerParts = {
  connection: NativeConnection;
  namespace: string;
  sql: Sql;
  taskQueue?: string;
  workflowBundle?: WorkerOptions['workflowBundle'];
  /** Names this build; without it the worker has no version, and takes whatever there is. */
  buildId?: string | undefined;
  /** How many workflows it keeps in memory; as many as there is room for unless told. */
  cachedWorkflows?: number | undefined;
  /** What is put around the activities, to see or delay them. */
  around?: (activities: Activities) => Activities;
};

/** The process' one worker. Not yet running. */
export async function createWorker({
  connection,
  namespace,
  sql,
  taskQueue,
  workflowBundle,
  buildId,
  cachedWorkflows = roomForWorkflows(),
  around = (activities) => activities,
}: WorkerParts): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue: taskQueue ?? TASK_QUEUE,
    workflowBundle: workflowBundle ?? (await findBundle(new DefaultLogger('WARN'))),
    // On the worker's own connection: sales and gifts reach the payments through it.
    activities: around(createActivities({ sql, client: new Client({ connection, namespace }) })),
    maxConcurrentActivityTaskExecutions: BOOK_SLOTS.recording + BOOK_SLOTS.asking + COMMAND_SLOTS,
    ...SOON_BACK,
    shutdownGraceTime: '10 seconds',
    maxCachedWorkflows: cachedWorkflows,
    ...(buildId !== undefined && { workerDeploymentOptions: versioned(buildId) }),
    ...activationTimeLimit,
  });
}

/**
 * After an outage of Temporal each poll comes back by itself within ten seconds, so there are many, and half of them on
 * the common queue. A workflow task that waits for this worker and finds it gone goes there before a till gives up.
 */
const SOON_BACK = {
  maxConcurrentWorkflowTaskPolls: 20,
  nonStickyToStickyPollRatio: 0.5,
  stickyQueueScheduleToStartTimeout: '3 seconds',
} as const;

/** The name under which Temporal knows all builds of this worker. */
export const DEPLOYMENT = 'account-payments';

/** A payment sleeps for months: as it wakes it goes on with the current build, not with the one it began with. */
function versioned(buildId: string) {
  return {
    version: { deploymentName: DEPLOYMENT, buildId },
    useWorkerVersioning: true,
    defaultVersioningBehavior: 'AUTO_UPGRADE',
  } as const;
}

/** Activities that send commands to payments, whatever the others wait for. */
const COMMAND_SLOTS = 50;

/**
 * Not in the public type: Node can abort the whole process when a script's time runs out (nodejs/node 38503), and the
 * SDK's limit is 5 s. What a workflow task does is bounded, so this is the second line.
 */
const activationTimeLimit = { isolateExecutionTimeout: '60 seconds' };
