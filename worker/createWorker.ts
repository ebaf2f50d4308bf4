import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  bundleWorkflowCode,
  DefaultLogger,
  Worker,
  type BundleOptions,
  type Logger,
  type NativeConnection,
  type WorkerOptions,
} from '@temporalio/worker';
import { Client } from '@temporalio/client';
import { BOOK_SLOTS, createActivities } from '../activities/createActivities.js';
import type { Sql } from '../db/connect.js';
import type { Activities } from '../workflows/activities.js';
import { TASK_QUEUE } from '../workflows/taskQueue.js';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** Written by `npm run build`. */
export const bundlePath = path('../workflow-bundle.js');

/**
 * What reads messages is built once for all workflows of a worker: built anew for each, it was most of the work of a
 * cold one, and most of its memory. Nothing here keeps state or imports the SDK, which keeps some in its modules.
 */
const preloadModules = ['messages', 'payment/fields', 'sale/fields'].map((name) =>
  path(`../workflows/${name}.${extension}`),
);

/** The workflows and what reads their messages, as one script for the sandbox. @param more what a test puts into it */
export async function bundleWorkflows(logger: Logger, more: Partial<BundleOptions> = {}): Promise<{ code: string }> {
  return bundleWorkflowCode({
    workflowsPath: path(`../workflows/index.${extension}`),
    payloadConverterPath: path(`../workflows/payloadConverter.${extension}`),
    preloadModules,
    logger,
    ...more,
  });
}

export type WorkerParts = {
  connection: NativeConnection;
  namespace: string;
  sql: Sql;
  taskQueue?: string;
  workflowBundle?: WorkerOptions['workflowBundle'];
  /** Names this build; without it the worker has no version, and takes whatever there is. */
  buildId?: string | undefined;
  /** What is put around the activities, to see or delay them. */
  around?: (activities: Activities) => Activities;
};

/** The process' one worker, with the bundle that was built ahead when there is one. Not yet running. */
export async function createWorker({
  connection,
  namespace,
  sql,
  taskQueue,
  workflowBundle,
  buildId,
  around = (activities) => activities,
}: WorkerParts): Promise<Worker> {
  const built = existsSync(bundlePath) ? { codePath: bundlePath } : undefined;
  return Worker.create({
    connection,
    namespace,
    taskQueue: taskQueue ?? TASK_QUEUE,
    workflowBundle: workflowBundle ?? built ?? (await bundleWorkflows(new DefaultLogger('WARN'))),
    // On the worker's own connection: sales and gifts reach the payments through it.
    activities: around(createActivities({ sql, client: new Client({ connection, namespace }) })),
    maxConcurrentActivityTaskExecutions: BOOK_SLOTS.recording + BOOK_SLOTS.asking + COMMAND_SLOTS,
    ...SOON_BACK,
    shutdownGraceTime: '10 seconds',
    maxCachedWorkflows: 500,
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
