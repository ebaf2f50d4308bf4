import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { CODE, filesOf, root } from './sources.js';

const MADE_BY = ['scripts/servers/buildServices.ts', 'scripts/servers/sources.ts', 'package-lock.json'];
const WEEK_MS = 7 * 24 * 60 * 60 * 1_000;

/**
 * A folder with worker and API as `npm run build` leaves them, without the check of the types: a process that
 * translates itself and bundles its workflows takes several times longer to start, whenever it is started. It is one of
 * these very sources that was kept, or a new one, which is kept.
 *
 * @param own a folder of the caller's, for where nothing can be kept
 * @param fill puts them into an empty folder
 */
export async function findServices(
  own: string,
  home = join(root, 'node_modules/.cache/account-payments'),
  fill = buildThem,
): Promise<string> {
  const name = `services-${await hashOfSources()}`;
  const kept = join(home, name);
  if (!existsSync(kept)) await build(home, name, fill).catch(() => undefined);
  if (!existsSync(kept)) {
    await build(own, name, fill);
    return join(own, name);
  }
  await utimes(kept, new Date(), new Date()).catch(() => undefined);
  await removeUnused(home).catch(() => undefined);
  return kept;
}

/** What translates and bundles is loaded only here: it takes longer than all else of a start. */
async function buildThem(folder: string): Promise<void> {
  const { buildServices } = await import('./buildServices.js');
  await buildServices(folder);
}

/** In one step, so that one that is there is complete. */
async function build(home: string, name: string, fill: typeof buildThem): Promise<void> {
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

/** Of all that goes into it: what is ours, how it is put together, and the versions of the packages. */
async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of [...(await filesOf([...CODE, 'docs'])), ...MADE_BY])
    hash.update(`${file}\n`).update(await readFile(join(root, file)));
  return hash.digest('hex').slice(0, 16);
}

/** Those that nobody started from for a week: what runs may still read its pages' scripts from its own. */
async function removeUnused(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const { mtimeMs } = await stat(join(home, name));
    if (Date.now() - mtimeMs > WEEK_MS) await rm(join(home, name), { recursive: true, force: true });
  }
}
