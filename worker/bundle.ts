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
  const { code } = await bundleWorkflowCode({
    workflowsPath: path(`../workflows/index.${extension}`),
    payloadConverterPath: path(`../workflows/payloadConverter.${extension}`),
    preloadModules: await sharedModules(),
    logger,
    ...more,
    webpackConfigHook: (config) => {
      const mapless = withoutSourceMap(config);
      return more.webpackConfigHook?.(mapless) ?? mapless;
    },
  });
  return { code: `${code}${NO_SOURCE_MAP}` };
}

type WebpackConfig = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];

/**
 * No stack is taken in the sandbox (workflows/stackTraces.ts), so nothing is looked up in a source map; and it was more
 * than half of the script that each worker reads, parses and hands to its thread.
 */
function withoutSourceMap(config: WebpackConfig): WebpackConfig {
  return { ...config, devtool: false };
}

const EMPTY_SOURCE_MAP = { version: 3, file: 'workflow-bundle.js', sources: [], names: [], mappings: '' };

/** The SDK takes no script without one. The name stands apart, or whoever loads this module takes it for its own. */
const NO_SOURCE_MAP = [
  '\n//# sourceMappingURL',
  `data:application/json;base64,${Buffer.from(JSON.stringify(EMPTY_SOURCE_MAP)).toString('base64')}`,
].join('=');

/** The script that was built ahead; sources that are run as they are make a new one. */
export async function findBundle(logger: Logger): Promise<WorkflowBundle> {
  return extension === 'js' ? { codePath: path('../workflow-bundle.js') } : bundleWorkflows(logger);
}
