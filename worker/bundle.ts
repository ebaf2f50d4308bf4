import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type BundleOptions, type Logger, type WorkerOptions } from '@temporalio/worker';

type WorkflowBundle = NonNullable<WorkerOptions['workflowBundle']>;

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** Of the workflows' room, beside the whole domain: nothing in them keeps state, or imports the SDK, which does. */
const SHARED = ['stackTraces', 'messages', 'payment/fields', 'payment/details', 'sale/fields'];

/**
 * What all workflows of a worker share, evaluated once: evaluated anew for each, it was most of the work of a cold one
 * and most of its memory.
 */
export async function sharedModules(): Promise<string[]> {
  const isModule = (name: string) => name.endsWith(`.${extension}`) && !name.endsWith('.d.ts');
  const domain = (await readdir(path('../domain'), { recursive: true })).filter(isModule).sort();
  return [
    ...SHARED.map((name) => path(`../workflows/${name}.${extension}`)),
    ...domain.map((name) => join(path('../domain'), name)),
  ];
}

/** The workflows and what they share, as one script for the sandbox. @param more what a test puts into it */
export async function bundleWorkflows(logger: Logger, more: Partial<BundleOptions> = {}): Promise<{ code: string }> {
  return bundleWorkflowCode({
    workflowsPath: path(`../workflows/index.${extension}`),
    payloadConverterPath: path(`../workflows/payloadConverter.${extension}`),
    preloadModules: await sharedModules(),
    logger,
    ...more,
  });
}

/** The script that was built ahead; sources that are run as they are make a new one. */
export async function findBundle(logger: Logger): Promise<WorkflowBundle> {
  return extension === 'js' ? { codePath: path('../workflow-bundle.js') } : bundleWorkflows(logger);
}
