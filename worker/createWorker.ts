import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { createActivities } from '../activities/createActivities.js';
import type { Sql } from '../db/connect.js';
import { TASK_QUEUE } from '../workflows/names.js';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** How the workflows are bundled, ahead or at start: one place, for the worker must run what the bundler was told. */
export const bundleOptions = {
  workflowsPath: path(import.meta.url.endsWith('.ts') ? '../workflows/index.ts' : '../workflows/index.js'),
  payloadConverterPath: path(
    import.meta.url.endsWith('.ts') ? '../workflows/payloadConverter.ts' : '../workflows/payloadConverter.js',
  ),
};

/** Written by `npm run build`. */
export const bundlePath = path('../workflow-bundle.js');

export type WorkerParts = {
  connection: NativeConnection;
  namespace: string;
  sql: Sql;
  taskQueue?: string;
  workflowBundle?: WorkerOptions['workflowBundle'];
};

/** The process' one worker, with the bundle that was built ahead when there is one. Not yet running. */
export async function createWorker({ connection, namespace, sql, taskQueue, workflowBundle }: WorkerParts): Promise<Worker> {
  const bundle = workflowBundle ?? (existsSync(bundlePath) ? { codePath: bundlePath } : undefined);
  const { workflowsPath, payloadConverterPath } = bundleOptions;
  return Worker.create({
    connection,
    namespace,
    taskQueue: taskQueue ?? TASK_QUEUE,
    ...(bundle ? { workflowBundle: bundle } : { workflowsPath }),
    dataConverter: { payloadConverterPath },
    activities: createActivities({ sql }),
    shutdownGraceTime: '10 seconds',
    maxCachedWorkflows: 500,
  });
}
