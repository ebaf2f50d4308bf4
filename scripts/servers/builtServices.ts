import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger } from '@temporalio/worker';
import ts from 'typescript';
import { bundleWorkflows } from '../../worker/bundle.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const CODE = ['domain', 'workflows', 'activities', 'db', 'service', 'api', 'web', 'worker', 'runtime'];
const SHOWN = ['db/migrations', 'web/assets', 'docs'];
const MADE_BY = ['scripts/servers/builtServices.ts', 'package-lock.json'];
const WEEK_MS = 7 * 24 * 60 * 60 * 1_000;
const options: ts.TranspileOptions = {
  compilerOptions: {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    jsx: ts.JsxEmit.ReactJSX,
    jsxImportSource: 'hono/jsx',
    verbatimModuleSyntax: true,
  },
};

/**
 * A folder with worker and API as `npm run build` leaves them, without the check of the types: a process that
 * translates itself and bundles its workflows takes several times longer to start, whenever it is started. It is one of
 * these very sources that was kept, or a new one, which is kept.
 *
 * @param own a folder of the caller's, for where nothing can be kept
 */
export async function findServices(own: string, home = join(root, 'node_modules/.cache/account-payments')) {
  const name = `services-${await hashOfSources()}`;
  const kept = join(home, name);
  if (!existsSync(kept)) await build(home, name).catch(() => undefined);
  if (!existsSync(kept)) {
    await build(own, name);
    return join(own, name);
  }
  await utimes(kept, new Date(), new Date()).catch(() => undefined);
  await removeUnused(home).catch(() => undefined);
  return kept;
}

/** In one step, so that one that is there is complete. */
async function build(home: string, name: string): Promise<void> {
  await mkdir(home, { recursive: true });
  const fresh = await mkdtemp(join(home, 'building-'));
  try {
    await fill(await realpath(fresh));
    await rename(fresh, join(home, name)).catch((error: unknown) => {
      // Another start was sooner.
      if (!existsSync(join(home, name))) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function fill(folder: string): Promise<void> {
  await symlink(relative(folder, join(root, 'node_modules')), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  await writeFile(join(folder, 'workflow-bundle.js'), (await bundleWorkflows(new DefaultLogger('WARN'))).code);
  for (const shown of SHOWN) await cp(join(root, shown), join(folder, shown), { recursive: true });
  for (const file of await filesOf(CODE)) if (/\.tsx?$/.test(file)) await translate(file, folder);
}

async function translate(file: string, folder: string): Promise<void> {
  const { outputText } = ts.transpileModule(await readFile(join(root, file), 'utf8'), { ...options, fileName: file });
  const to = join(folder, file.replace(/\.tsx?$/, '.js'));
  await mkdir(dirname(to), { recursive: true });
  await writeFile(to, outputText);
}

/** Of all that goes into it: what is ours, how it is put together, and the versions of the packages. */
async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of [...(await filesOf([...CODE, 'docs'])), ...MADE_BY])
    hash.update(`${file}\n`).update(await readFile(join(root, file)));
  return hash.digest('hex').slice(0, 16);
}

async function filesOf(folders: readonly string[]): Promise<string[]> {
  const listed = await Promise.all(
    folders.map((folder) => readdir(join(root, folder), { recursive: true, withFileTypes: true })),
  );
  const files = listed.flat().filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => relative(root, join(parentPath, name))).sort();
}

/** Those that nobody started from for a week: what runs may still read its pages' scripts from its own. */
async function removeUnused(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const { mtimeMs } = await stat(join(home, name));
    if (Date.now() - mtimeMs > WEEK_MS) await rm(join(home, name), { recursive: true, force: true });
  }
}
