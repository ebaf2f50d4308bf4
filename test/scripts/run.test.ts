import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';

test('compiled sources are neither kept nor looked for among the temporary files, where others could have put them', async () => {
  const temporary = await mkdtemp(join(inject('folder'), 'temporary-'));
  const hidden = ['TSX_DISABLE_CACHE', 'NODE_DISABLE_COMPILE_CACHE'];
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !hidden.includes(name)));
  const env = { ...inherited, TMPDIR: temporary, PORT: 'abc' };
  const start = () =>
    spawnSync(process.execPath, ['scripts/run.mjs', 'scripts/start.ts'], { encoding: 'utf8', env }).stderr;
  expect(start()).toMatch(/^PORT has a value/);
  const kept = await filesIn(temporary);
  // Were something kept, it would be run the next time, whoever wrote it.
  for (const file of kept) await chmod(file, 0o600).then(() => writeFile(file, '{"code":"process.exit(7)"}'));
  expect(start()).toMatch(/^PORT has a value/);
  expect(kept).toEqual([]);
});

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
