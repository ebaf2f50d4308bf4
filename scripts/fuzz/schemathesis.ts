import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../runtime/failure.js';
import { cacheFolder, isFile, onPath } from '../servers/cache.js';
import { toolsEnvironment } from '../servers/told.mjs';
import { runTool } from '../servers/tools.js';

/** Beside all that it needs, each in one version. */
const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));
const config = fileURLToPath(new URL('schemathesis.toml', import.meta.url));
const VERSION = '4.32.5';

/** The program, from our cache or, once, from PyPI into an environment of its own. */
export async function findSchemathesis(say: (line: string) => void): Promise<string> {
  const folder = cacheFolder(`schemathesis-${VERSION}`);
  const [program, complete] = [join(folder, 'bin', 'schemathesis'), join(folder, 'complete')];
  if (await isFile(complete)) return program;
  const python = await onPath('python3');
  if (!python) throw new Failure('The fuzzing needs Python 3.10 or newer, with its module venv.');
  say('Fetching schemathesis from PyPI, once ...');
  await rm(folder, { recursive: true, force: true });
  await runTool(python, ['-m', 'venv', folder]);
  await runTool(join(folder, 'bin', 'pip'), ['install', '--quiet', '--requirement', requirements]);
  await writeFile(complete, '');
  return program;
}

export type Fuzzing = { readonly origin: string; readonly key: string; readonly seed: number; readonly folder: string };

/** One run over all that the documents tell, in all phases, with all checks. @returns whether it was clean */
export async function fuzz(program: string, { origin, key, seed, folder }: Fuzzing): Promise<boolean> {
  const args = ['--config-file', config, 'run', `${origin}/openapi.json`, '--seed', String(seed), '--no-color'];
  // Not in the checkout: it writes down what it found in the folder in which it runs.
  const env = { ...toolsEnvironment(process.env), API_KEY: key };
  const child = spawn(program, args, { cwd: folder, stdio: 'inherit', env });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}
