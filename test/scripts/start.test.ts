import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { makeKey } from '../../api/http/keys.js';
import { stories } from '../../scripts/stories.js';
import { findServices } from '../../scripts/servers/builtServices.js';
import { isAlive, pidsNaming } from '../../scripts/servers/processes.js';
import { treeOf } from '../../scripts/servers/processes.js';
import { ownEnvironment, ready, start, type Started } from '../support/start.js';
import { until } from '../support/shop.js';

const run = promisify(execFile);
let env: Record<string, string>;
let current: Started;
let key = '';
beforeAll(async () => {
  env = await ownEnvironment(join(inject('folder'), 'start'), inject('temporalCli'));
});
afterAll(async () => {
  current.child.kill('SIGTERM');
  await current.ended;
});

const get = async (path: string) => {
  const response = await fetch(`http://127.0.0.1:${env['PORT']}/v1${path}`, {
    headers: { Authorization: `Bearer ${key}` },
  });
  return (await response.json()) as { items: { reference: string; status: string; balanceMinor: number }[] };
};

const spend = (reference: string, idempotencyKey: string, headers: Record<string, string>) =>
  fetch(`http://127.0.0.1:${env['PORT']}/v1/account-payments/${reference}/apply`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${key}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': idempotencyKey,
      ...headers,
    },
    body: JSON.stringify({ customerId: 'C-1001', amountMinor: 10, currency: 'EUR', saleId: 'S-9' }),
  });

test('the first start prints the addresses and a key, and every line of the README works', async () => {
  current = start(env);
  await ready(current);
  for (const address of [`:${env['PORT']}/v1`, `:${env['PORT']}/docs`, `:${env['TEMPORAL_UI_PORT']}`])
    expect(current.output()).toContain(address);
  key = /ap_\S+/.exec(current.output())?.[0] ?? '';
  expect(current.output()).toMatch(/^First admin {2}admin, password (?:[a-z]{4}-){3}[a-z]{4} /m);
  for (const { command, output } of await transcript()) {
    const { stdout } = await run('bash', ['-c', command], {
      env: { ...process.env, AUTH: `Authorization: Bearer ${key}`, ...kept },
    });
    remember(command, stdout);
    let from = 0;
    for (const part of output.split('…').filter((text) => text !== '')) {
      const at = stdout.indexOf(part, from);
      expect(at, `${command}\nsaid\n${stdout}\nwithout\n${part}`).toBeGreaterThanOrEqual(0);
      from = at + part.length;
    }
  }
});

test('the demo tells four stories on the running service, and leaves no key behind', async () => {
  const { stdout } = await run(process.execPath, ['scripts/run.mjs', 'scripts/demo.ts'], {
    env: { ...process.env, ...env },
  });
  for (const { title } of stories) expect(stdout).toContain(title);
  expect(stdout).toContain('All four went as told.');
  const listed = await run(process.execPath, ['scripts/run.mjs', 'scripts/keys.ts', 'list'], {
    env: { ...process.env, ...env },
  });
  const demo = listed.stdout.split('\n').filter((line) => line.includes('demo-'));
  expect(demo).toHaveLength(2);
  for (const line of demo) expect(line).toContain('revoked');
});

test('a second start on the same folder says that it is running already', async () => {
  const second = start(env);
  expect(await second.ended).toBe(1);
  expect(second.output().trim().split('\n')).toHaveLength(1);
  expect(second.output()).toContain('It is running already');
});

test('SIGTERM ends every process, and the next start finds the data of the first', async () => {
  const tree = treeOf(current.child.pid ?? 0);
  expect(tree.length).toBeGreaterThan(5);
  current.child.kill('SIGTERM');
  expect(await current.ended).toBe(0);
  // The compiler's helper of each process ends when its pipe does, a moment later.
  await until(() => Promise.resolve(!tree.some(isAlive)));
  current = start({ ...env, ADMIN_KEY: makeKey(), SOMETHING_ELSE: 'in the shell' });
  await ready(current);
  expect(current.output()).not.toContain('ap_');
  expect(current.output()).not.toContain('First admin');
  expect((await get('/account-payments?customerId=C-1001')).items).toMatchObject([
    { balanceMinor: 8_000, status: 'active' },
  ]);
});

// Only Linux shows with what a process was started.
if (process.platform === 'linux')
  test('only the first process was told the admin key, and who serves is not the owner of the database', async () => {
    const read = (pid: number, what: 'cmdline' | 'environ') => readFile(`/proc/${pid}/${what}`, 'utf8').catch(() => '');
    const [first = 0, ...below] = treeOf(current.child.pid ?? 0);
    expect(await read(first, 'environ')).toContain('ADMIN_KEY=');
    const others: string[] = [];
    // The compiler is as the process that it helps: it is there before any of it runs.
    for (const pid of below)
      if (!(await read(pid, 'cmdline')).includes('esbuild')) others.push(await read(pid, 'environ'));
    expect(others.length).toBeGreaterThan(4);
    for (const told of others)
      for (const secret of ['ADMIN_KEY=', 'SOMETHING_ELSE=', '//postgres:']) expect(told).not.toContain(secret);
    expect(others.filter((told) => told.includes('//account_payments_service:')).length).toBe(2);
  });

test('after kill -9 of the whole tree the next start has everything that was answered', async () => {
  // What this promise is for: SQLite's log, which a killed process leaves to be read again.
  expect(await readdir(env['DATA_DIR'] ?? '')).toContain('temporal.sqlite-wal');
  const { items } = await get('/account-payments?customerId=C-1001');
  const spendOnce = (idempotencyKey: string) => spend(items[0]?.reference ?? '', idempotencyKey, { Prefer: 'wait=0' });
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => spendOnce(`crash-${i}`)));
  expect(answers.map(({ status }) => status)).toEqual(Array<number>(20).fill(200));
  for (const pid of treeOf(current.child.pid ?? 0)) process.kill(pid, 'SIGKILL');
  await current.ended;
  current = start(env);
  await ready(current);
  const again = await until(async () => {
    const reply = await spendOnce('crash-7');
    return reply.status === 200 && reply;
  });
  expect(again.headers.get('Idempotent-Replayed')).toBe('true');
  await until(async () => (await get('/account-payments?customerId=C-1001')).items[0]?.balanceMinor === 7_800);
});

test('when only the first process is killed, the others end by themselves and the next start comes up', async () => {
  const tree = treeOf(current.child.pid ?? 0);
  current.child.kill('SIGKILL');
  await current.ended;
  await until(() => Promise.resolve(!tree.some(isAlive)));
  current = start(env);
  await ready(current);
});

test.each(['worker', 'api'])(
  'the %s, killed, is started again by itself, and applies succeed as before',
  async (name) => {
    const { items } = await get('/account-payments?customerId=C-1001');
    const [reference, balance] = [items[0]?.reference, items[0]?.balanceMinor ?? 0];
    const tree = treeOf(current.child.pid ?? 0);
    const services = await findServices(inject('folder'));
    const pids = pidsNaming(join(services, name, 'main.js')).filter((pid) => tree.includes(pid));
    expect(pids).toHaveLength(1);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await until(() => Promise.resolve(!pids.some(isAlive)));
    await until(
      () =>
        spend(reference ?? '', `after-${name}`, { Prefer: 'wait=2' }).then(
          ({ status }) => status === 200,
          () => false,
        ),
      50_000,
    );
    expect((await get('/account-payments?customerId=C-1001')).items[0]?.balanceMinor).toBe(balance - 10);
    expect(current.output()).toContain(`The ${name} ended unexpectedly (SIGKILL); it is started again in 1 s.`);
    await until(() => Promise.resolve(current.output().includes(`The ${name} runs again.`)));
    expect(current.child.exitCode).toBeNull();
  },
);

test.each([
  ['a bad key, which is not repeated', { ADMIN_KEY: 'secret' }, /^ADMIN_KEY is not of the form (?!.*secret)/],
  ['a missing program', { TEMPORAL_CLI: '/nowhere/temporal' }, /^TEMPORAL_CLI names \/nowhere/m],
  ['an unreachable Temporal', { TEMPORAL_ADDRESS: '127.0.0.1:1' }, /^Temporal cannot be reached at 127.0.0.1:1/m],
  [
    'an owner without a service',
    { DATABASE_OWNER_URL: 'postgres://x:y@127.0.0.1:1/z' },
    /^DATABASE_OWNER_URL is set and DATABASE_URL/m,
  ],
  ['an unreachable Postgres', { DATABASE_URL: 'postgres://x:y@127.0.0.1:1/z' }, /^Postgres cannot be used/m],
])('%s is one clear sentence and exit code 1', async (name, bad, sentence) => {
  const own = await ownEnvironment(join(inject('folder'), `bad-${name.replaceAll(' ', '-')}`), inject('temporalCli'));
  const started = start({ ...own, ...bad });
  expect(await started.ended).toBe(1);
  expect(started.output()).toMatch(sentence);
  expect(started.output()).not.toMatch(/\n\s+at /);
});

test('a port in use is one clear sentence', async () => {
  const own = await ownEnvironment(join(inject('folder'), 'port'), inject('temporalCli'));
  const blocker = createServer().listen(Number(own['PORT']), '127.0.0.1');
  const started = start(own);
  expect(await started.ended).toBe(1);
  expect(started.output()).toContain(`Port ${own['PORT']} is in use`);
  blocker.close();
});

const kept: Record<string, string> = {};

/** A variable that one line sets is there for the next ones. */
function remember(command: string, stdout: string): void {
  const name = /^([A-Z]+)=/.exec(command)?.[1];
  if (name !== undefined) kept[name] = stdout.trim();
}

/** The README's first block: each line after `$`, and what it is said to print. */
async function transcript(): Promise<{ command: string; output: string }[]> {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const block = /```console\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const steps = block
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const [command = '', ...output] = step.split('\n');
      return {
        command: command.replaceAll('localhost:3000', `127.0.0.1:${env['PORT']}`),
        output: output.join('\n').trim(),
      };
    });
  const [npmStart, authorization, ...rest] = steps;
  expect(npmStart?.command).toMatch(/^npm start /);
  expect(authorization?.command).toMatch(/^AUTH=/);
  expect(rest.length).toBeGreaterThan(6);
  return rest.map(({ command, output }) => ({
    command: /^[A-Z]+=/.test(command) ? `${command}; echo $${command.split('=')[0]}` : command,
    output,
  }));
}
