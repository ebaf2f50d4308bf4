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

/** Builds a Go program once and keeps it: `goProgram('temporal-cli-1.5.1', 'github.com/…/cmd/temporal@v1.5.1')`. */
export async function goProgram(name: string, module: string, say: (line: string) => void): Promise<string> {
  const program = basename(module).replace(/@.*/, '');
  const path = join(cacheFolder(name), program);
  if (await isFile(path)) return path;
  const go = await onPath('go');
  if (!go) throw new Failure(`Go is needed to build ${module}: install it from https://go.dev/dl, then start again.`);
  const building = join(cacheFolder(name), `building-${process.pid}`);
  await mkdir(building, { recursive: true });
  const startedAt = Date.now();
  say(`Building ${module} with Go; this takes some minutes, once.`);
  const ticker = setInterval(() => say(`  still building (${Math.round((Date.now() - startedAt) / 1000)} s)`), 15_000);
  try {
    await runTool(go, ['install', module], { env: { GOBIN: building } }).catch((error: Error & { stderr?: string }) => {
      throw new Failure(`"go install ${module}" failed: ${(error.stderr ?? error.message).trim().split('\n').at(-1)}`);
    });
    await rename(join(building, program), path);
  } finally {
    clearInterval(ticker);
    await rm(building, { recursive: true, force: true });
  }
  say(`Built in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
  return path;
}
