import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
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

/** The script that was built ahead, or one of these very sources that was kept, or a new one, which is kept. */
export async function findBundle(logger: Logger, folder = path('../node_modules/.cache/account-payments')) {
  if (extension === 'js') return { codePath: path('../workflow-bundle.js') };
  const name = `workflow-bundle-${await hashOfSources()}.js`;
  const codePath = join(folder, name);
  if (existsSync(codePath)) return { codePath };
  const bundle = await bundleWorkflows(logger);
  return keep(folder, name, bundle.code).catch((): WorkflowBundle => bundle);
}

/** In one step, so that one that is there is complete; those of earlier sources go. */
async function keep(folder: string, name: string, code: string): Promise<WorkflowBundle> {
  await mkdir(folder, { recursive: true });
  const fresh = join(folder, `${name}.${process.pid}`);
  await writeFile(fresh, code);
  await rename(fresh, join(folder, name));
  const others = (await readdir(folder)).filter((each) => /^workflow-bundle-\w+\.js$/.test(each) && each !== name);
  for (const other of others) await rm(join(folder, other), { force: true });
  return { codePath: join(folder, name) };
}

/** Of all that goes into the script: our modules, how it is put together, and the versions of the packages. */
async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of ['../workflows', '../domain']) {
    const names = (await readdir(path(folder), { recursive: true })).filter((name) => name.endsWith('.ts')).sort();
    for (const name of names) hash.update(`${name}\n`).update(await readFile(join(path(folder), name)));
  }
  for (const file of ['./bundle.ts', '../package-lock.json']) hash.update(await readFile(path(file)));
  return hash.digest('hex').slice(0, 16);
}
