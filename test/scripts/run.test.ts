import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
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

test('packages, which run scripts as they are installed, are told how to get out, and no secret nor where one is kept', async () => {
  const checkout = await mkdtemp(join(inject('folder'), 'checkout-'));
  await mkdir(join(checkout, 'scripts/servers'), { recursive: true });
  for (const file of ['run.mjs', 'servers/told.mjs']) await cp(`scripts/${file}`, join(checkout, 'scripts', file));
  await writeFile(join(checkout, 'package-lock.json'), '{}');
  const npm = '#!/bin/sh\nenv >told\nexit 1\n';
  await writeFile(join(checkout, 'npm'), npm, { mode: 0o700 });
  const names = ['ADMIN_KEY', 'DATABASE_URL', 'DATABASE_OWNER_URL', 'TEMPORAL_API_KEY', 'TEMPORAL_TLS_CLIENT_KEY_DATA'];
  const others = ['GITHUB_TOKEN', 'AWS_SECRET_ACCESS_KEY'];
  const secrets = [...names.flatMap((name) => [name, `${name}_FILE`]), ...others];
  const env = {
    ...Object.fromEntries(secrets.map((name) => [name, 'secret'])),
    npm_config_registry: 'https://packages.example',
  };
  const path = `${checkout}:${process.env['PATH']}`;
  const { status } = spawnSync(process.execPath, ['scripts/run.mjs', 'x.ts'], {
    cwd: checkout,
    env: { ...process.env, ...env, PATH: path },
  });
  expect(status).toBe(1);
  const told = await readFile(join(checkout, 'told'), 'utf8');
  expect(told).toContain('npm_config_registry=https://packages.example');
  for (const name of secrets) expect(told).not.toContain(`${name}=`);
});

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
