import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeKey } from '../../api/http/keys.js';
import { Failure } from '../../runtime/failure.js';
import { runOnce } from '../../runtime/runOnce.js';
import { startCluster } from './server.js';
import { servicesEnvironment } from '../servers/environment.js';
import { temporaryFolder } from '../servers/ownFolder.js';
import { startPostgres } from '../servers/postgres.js';
import { postgresUser } from '../servers/postgresHome.js';
import { freePort } from '../servers/ports.js';
import { stopProcess } from '../servers/processes.js';
import { Till } from './till.js';

const say = (line: string) => console.log(line);

/**
 * The production shape without containers: a cluster on Postgres, two workers and two APIs as built, and a payment's
 * life.
 */
await runOnce(async () => {
  const folder = await temporaryFolder('account-payments-cluster', await postgresUser());
  const postgres = await startPostgres({ folder: join(folder, 'postgres'), port: await freePort() });
  const cluster = await startCluster(postgres.url, folder, say);
  say(`A Temporal cluster on Postgres serves at ${cluster.address}.`);
  const key = makeKey();
  const env = {
    ...servicesEnvironment(process.env),
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: cluster.address,
    TEMPORAL_NAMESPACE: 'shop',
    ADMIN_KEY: key,
    LOG_LEVEL: 'error',
    WORKER_BUILD_ID: 'one',
  };
  job('scripts/run.mjs', ['scripts/build.ts'], env);
  job('dist/scripts/cluster/namespaceJob.js', [], env);
  job('dist/scripts/migrate.js', [], env);
  const ports = [await freePort(), await freePort()] as const;
  const [worker, second] = [await service('worker', env), await service('worker', env)];
  job('dist/scripts/cluster/currentVersionJob.js', [], env);
  const apis = [
    await service('api', { ...env, PORT: String(ports[0]) }),
    await service('api', { ...env, PORT: String(ports[1]) }),
  ];
  await wholeLife(new Till(ports, key), worker);
  for (const child of [...apis, second]) {
    await stopProcess(child, 'SIGTERM', 30_000);
    assert.equal(child.exitCode, 0, 'drains on SIGTERM');
  }
  await cluster.stop();
  await postgres.stop();
  await rm(folder, { recursive: true });
  say('1 passed, 0 failed');
});

async function wholeLife(till: Till, worker: ChildProcess): Promise<void> {
  const expiresAt = new Date(Date.now() + 40_000).toISOString();
  const deposit = {
    customerId: 'C-1',
    type: 'generic',
    purpose: 'deposit',
    amountMinor: 10_000,
    currency: 'EUR',
    expiresAt,
  };
  const { payment } = await till.post('/account-payments', deposit);
  const at = `/account-payments/${payment.reference}`;
  say(`Issued ${payment.reference}.`);
  const spend = (amountMinor: number, idempotencyKey: string = randomUUID()) =>
    till.post(`${at}/apply`, { customerId: 'C-1', amountMinor, currency: 'EUR', saleId: 'S-1' }, idempotencyKey);
  assert.equal((await spend(2_500)).payment.balanceMinor, 7_500);
  assert.equal((await spend(99_999)).code, 'insufficient_balance');
  assert.equal(
    (await till.post(`${at}/refund`, { customerId: 'C-1', amountMinor: 500, currency: 'EUR', saleId: 'S-1' })).payment
      .balanceMinor,
    8_000,
  );
  say('Spent, refused, refunded.');

  const applies = Array.from({ length: 40 }, (_, i) => spend(10, `k${i}`));
  await applies[0];
  worker.kill('SIGKILL');
  await Promise.all(applies);
  for (let i = 0; i < 40; i++) await spend(10, `k${i}`);
  assert.equal((await till.get(at)).balanceMinor, 7_600);
  say('One worker was killed in the middle of forty applies: each was taken once.');

  const { payment: other } = await till.post('/account-payments', { ...deposit, expiresAt: null });
  const payments = [
    { reference: payment.reference, amountMinor: 100 },
    { reference: other.reference, amountMinor: 200 },
  ];
  const basket = { customerId: 'C-1', currency: 'EUR', lines: [{ productId: 'bike', amountMinor: 300 }], payments };
  assert.equal((await till.post('/sales/S-9/settle', basket)).sale?.takenMinor, 300);
  assert.equal((await till.post('/sales/S-9/return', { currency: 'EUR' })).sale?.givenBackMinor, 300);
  const gift = { reference: other.reference, customerId: 'C-1', toCustomerId: 'C-2', amountMinor: 50, currency: 'EUR' };
  assert.equal((await till.post('/gifts', gift)).gift?.status, 'completed');
  say('A sale over two payments was settled and returned, and a gift given.');

  while ((await till.get(at)).source !== 'records') await pause(250);
  const ended = await till.get(at);
  assert.deepEqual([ended.status, ended.endedBalanceMinor], ['expired', 7_600]);
  say('It expired by its timer, and its records tell so.');
}

function job(script: string, args: string[], env: NodeJS.ProcessEnv): void {
  const { status } = spawnSync(process.execPath, [script, ...args], { env, stdio: 'inherit' });
  if (status !== 0) throw new Failure(`${script} failed.`);
}

async function service(name: 'worker' | 'api', env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn(process.execPath, [`dist/${name}/main.js`], {
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await new Promise<void>((ready, reject) => {
    child.once('message', () => ready());
    child.once('exit', () => reject(new Failure(`The ${name} did not start.`)));
  });
  return child;
}
