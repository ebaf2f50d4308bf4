import { chmod, lstat, mkdir, mkdtemp, readdir, realpath, rmdir, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Failure } from '../../runtime/failure.js';
import { assertOnlyRootWrites, isOpenToOthers, rootsFolder } from './ownFolder.js';
import type { User } from './processes.js';
import { runTool } from './tools.js';

/** Postgres refuses to run as root; there it runs as the user `postgres`. */
export async function postgresUser(): Promise<User> {
  if (process.getuid?.() !== 0) return undefined;
  const known = await runTool('id', ['-u', 'postgres']).then(
    () => true,
    () => false,
  );
  if (!known) {
    await runTool('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']).catch(() => {
      throw new Failure('Postgres does not run as root, and no user "postgres" could be made: start as another user.');
    });
  }
  const id = async (flag: string) => Number((await runTool('id', [flag, 'postgres'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}

/**
 * Where Postgres' data, password and log are: the given folder, made when it is not there. Below a folder that is
 * closed to Postgres' user it becomes a link to a fresh one of root's, so that whoever removes or moves the link has
 * done so with the data too. Safe to repeat.
 */
export async function postgresHome(given: string, user: User, base?: string): Promise<string> {
  const folder = resolve(given);
  await mkdir(dirname(folder), { recursive: true });
  if (!user) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return folder;
  }
  if (await isLink(folder)) return followed(folder);
  if (await mkdir(folder, { recursive: true, mode: 0o711 })) await chmod(folder, 0o711);
  if (await isOpenToOthers(folder)) return realpath(folder);
  if ((await readdir(folder)).length > 0) {
    throw new Failure(
      `Postgres runs as the user "postgres" here, which cannot reach ${folder} any more: open what is above it (chmod o+x).`,
    );
  }
  const fresh = await mkdtemp(join(await rootsFolder(base), 'data-'));
  await chmod(fresh, 0o711);
  await rmdir(folder);
  await symlink(fresh, folder);
  return fresh;
}

async function followed(link: string): Promise<string> {
  const folder = await realpath(link).catch(() => {
    throw new Failure(
      `${link} is a link to where Postgres' data was, and nothing is there: bring it back, or start on another DATA_DIR.`,
    );
  });
  await assertOnlyRootWrites(folder);
  return folder;
}

async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
}
