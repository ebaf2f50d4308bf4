import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { Failure } from '../../runtime/failure.js';
import { runTool } from './tools.js';

/** Where fetched and built servers stay, for all checkouts of this user. */
export function cacheFolder(name: string): string {
  const home = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(home, 'account-payments', name);
}

export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** The program's path, if the shell would find it. */
export async function onPath(program: string): Promise<string | undefined> {
  const lookup = process.platform === 'win32' ? 'where' : 'which';
  return runTool(lookup, [program]).then(
    ({ stdout }) => stdout.trim().split(/\r?\n/)[0],
    () => undefined,
  );
}

type GoProgram = {
  /** The cache folder's name. */
  name: string;
  /** `github.com/…/cmd/temporal@v1.5.1` */
  program: string;
  /** Of the modules that it is built from, those that have to be newer than it asks for. */
  newer?: readonly string[];
};

/** Builds a Go program once and keeps it. */
export async function goProgram(
  { name, program, newer = [] }: GoProgram,
  say: (line: string) => void,
): Promise<string> {
  const unversioned = program.replace(/@.*/, '');
  const path = join(cacheFolder(name), basename(unversioned));
  if (await isFile(path)) return path;
  const go = await onPath('go');
  if (!go) throw new Failure(`Go is needed to build ${program}: install it from https://go.dev/dl, then start again.`);
  const building = join(cacheFolder(name), `building-${process.pid}`);
  await mkdir(building, { recursive: true });
  const startedAt = Date.now();
  say(`Building ${program} with Go; this takes some minutes, once.`);
  const ticker = setInterval(() => say(`  still building (${Math.round((Date.now() - startedAt) / 1000)} s)`), 15_000);
  try {
    for (const step of [
      ['mod', 'init', 'account-payments/servers'],
      ['get', program, ...newer],
      ['build', '-o', 'built', unversioned],
    ])
      await runTool(go, step, { cwd: building }).catch((error: Error & { stderr?: string }) => {
        const said = (error.stderr ?? error.message).trim().split('\n').at(-1);
        throw new Failure(`"go ${step.join(' ')}" failed: ${said}`);
      });
    await rename(join(building, 'built'), path);
  } finally {
    clearInterval(ticker);
    await rm(building, { recursive: true, force: true });
  }
  say(`Built in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
  return path;
}
