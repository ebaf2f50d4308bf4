import { chmod, lstat, mkdir, mkdtemp, realpath, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Failure } from '../../runtime/failure.js';
import type { User } from './processes.js';

/** For what another user has to reach while the checkout, or the folder for temporary files, is closed to it. */
const ROOTS_FOLDER = '/var/lib/account-payments';

/** Others pass through, but cannot list or write. */
const PASSAGE = 0o711;

/** Root's folder, made when it is not there. */
export async function rootsFolder(path = ROOTS_FOLDER): Promise<string> {
  await mkdir(path, { mode: PASSAGE, recursive: true }).catch((error: unknown) => {
    throw new Failure(
      `${path} could not be made (${String(error)}): start as another user, or where "postgres" can reach.`,
    );
  });
  // Only what root alone can write is opened to others: the mode of a folder that somebody else made is not ours to
  // set.
  await assertOnlyRootWrites(path);
  await chmod(path, PASSAGE);
  return path;
}

/**
 * What runs as root or as the user "postgres" may not be somebody else's: neither the folder nor one above it may have
 * another owner, or be writable by others (a sticky folder, as the one for temporary files, protects what is root's in
 * it).
 */
export async function assertOnlyRootWrites(path: string): Promise<void> {
  const refuse = (folder: string) =>
    new Failure(`${folder} could be changed by others than root; nothing of it is used: remove it.`);
  if ((await lstat(path)).isSymbolicLink()) throw refuse(path);
  const real = await realpath(path);
  for (let folder = real; ; folder = dirname(folder)) {
    const { uid, mode } = await lstat(folder);
    const isSticky = folder !== real && (mode & 0o1000) !== 0;
    if (uid !== 0 || ((mode & 0o022) !== 0 && !isSticky)) throw refuse(folder);
    if (folder === dirname(folder)) return;
  }
}

/**
 * A fresh folder for servers that live for one run; where Postgres needs another user, one that this user can reach.
 */
export async function temporaryFolder(name: string, user: User): Promise<string> {
  if (!user) return mkdtemp(join(tmpdir(), `${name}-`));
  const folder = await mkdtemp(join((await isOpenToOthers(tmpdir())) ? tmpdir() : await rootsFolder(), `${name}-`));
  await chmod(folder, PASSAGE);
  return folder;
}

/** Whether any user can pass to this, and into it. */
export async function isOpenToOthers(path: string): Promise<boolean> {
  for (let folder = await realpath(resolve(path)); folder !== dirname(folder); folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
  }
  return true;
}
