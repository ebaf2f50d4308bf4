import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../runtime/failure.js';
import { isAlive } from './servers/processes.js';

/**
 * Takes the folder in which a start keeps everything, for itself alone until it lets go: one start at a time, and
 * nothing in it for other users to read. That holds for what the servers write, too, and for what an earlier start left
 * open.
 */
export async function takeDataFolder(dataDir: string): Promise<() => Promise<void>> {
  // As root the folders can be passed through, for Postgres' own user has to; they cannot be listed, nor a file be
  // read.
  process.umask(process.getuid?.() === 0 ? 0o066 : 0o077);
  const file = join(dataDir, 'start.pid');
  try {
    await mkdir(dataDir, { recursive: true });
    await assertFree(file, dataDir);
    await writeFile(file, String(process.pid));
    await mkdir(logFolder(dataDir), { recursive: true });
    await chmod(logFolder(dataDir), 0o700);
    for (const name of await readdir(dataDir))
      if (name.startsWith('temporal.')) await chmod(join(dataDir, name), 0o600);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      `${dataDir} cannot be used (${error instanceof Error ? error.message : 'unknown'}): set DATA_DIR to a folder of your own.`,
    );
  }
  return () => rm(file, { force: true });
}

export function logFolder(dataDir: string): string {
  return join(dataDir, 'log');
}

async function assertFree(file: string, dataDir: string): Promise<void> {
  const pid = Number(await readFile(file, 'utf8').catch(() => '0'));
  if (pid > 0 && pid !== process.pid && isAlive(pid)) {
    throw new Failure(`It is running already on ${dataDir} (process ${pid}): stop that first, or set DATA_DIR.`);
  }
}
