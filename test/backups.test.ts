import { randomUUID } from 'node:crypto';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { findDifferences } from '../activities/reconciliation/reconcile.js';
import type { AccountPaymentView } from '../domain/payment/payment.js';
import { completeBooks } from '../scripts/completeBooks.js';
import { restoreAll } from '../scripts/restoreAll.js';
import { freePort } from '../scripts/servers/ports.js';
import type { PostgresServer } from '../scripts/servers/postgres.js';
import { startTemporal, type TemporalServer } from '../scripts/servers/temporal.js';
import { openBackups } from './support/backups.js';
import { aDeposit, openShop, until, type Shop } from './support/shop.js';

/** Backups that are put back, as docs/restore.md tells it: of the books, with Temporal as it is, and the other way. */

let folder: string;
let shop: Shop;
let backups: Awaited<ReturnType<typeof openBackups>>;
let [postgres, temporal] = [undefined as PostgresServer | undefined, undefined as TemporalServer | undefined];
let temporalPort: number;
const temporalAt = () =>
  startTemporal({
    cli: inject('temporalCli'),
    namespace: 'default',
    port: temporalPort,
    database: join(folder, 'temporal.sqlite'),
    log: join(folder, 'temporal.log'),
  });
beforeAll(async () => {
  folder = join(inject('folder'), `backups-${randomUUID()}`);
  await mkdir(folder, { mode: 0o711 });
  temporalPort = await freePort();
  backups = await openBackups(folder, await freePort());
  [postgres, temporal] = await Promise.all([backups.start(), temporalAt()]);
  shop = await openShop({ postgresUrl: postgres.url, temporalAddress: temporal.address });
});
afterAll(async () => {
  await shop.close();
  await Promise.all([postgres?.stop(), temporal?.stop()]);
});

type Reply = { code?: string; recorded?: boolean; payment: AccountPaymentView };
const issue = (idempotencyKey: string, more: object = {}) =>
  shop.post<Reply>('/account-payments', { ...aDeposit, amountMinor: 1_000, ...more }, { idempotencyKey });
const spend = (reference: string, amountMinor: number, idempotencyKey: string = randomUUID(), headers = {}) =>
  shop.post<Reply>(
    `/account-payments/${reference}/apply`,
    { customerId: 'C-1', amountMinor, currency: 'EUR', saleId: 'S-1' },
    { idempotencyKey, headers },
  );
const issued = async (idempotencyKey: string = randomUUID()) => {
  const reply = await issue(idempotencyKey);
  expect(reply).toMatchObject({ status: 201, body: { recorded: true } });
  return reply.body.payment.reference;
};
const spent = async (reference: string, amountMinor: number, idempotencyKey?: string) =>
  expect(await spend(reference, amountMinor, idempotencyKey)).toMatchObject({ status: 200, body: { recorded: true } });
const movementsOf = async (reference: string) =>
  (
    await shop.sql<{ amountMinor: number }[]>`
      select amount_minor from movements where reference = ${reference} order by sequence`
  ).map((row) => row.amountMinor);
const parts = () => ({ client: shop.client, sql: shop.sql, lookedAtAgainAfterMs: 0 });
const differences = async () =>
  Object.fromEntries(
    (await findDifferences(parts(), { scope: 'all' })).found.map(({ reference, kind }) => [
      `${reference} ${kind}`,
      true,
    ]),
  );

test('books an hour back, and Temporal as it is: nothing is issued twice, and all comes back', async () => {
  const old = await issued();
  await backups.backUp(shop.sql);
  await spent(old, 10);
  const [row] = await shop.sql<{ now: string }[]>`select now()::text as now`;
  await spent(old, 20);
  const fresh = await issued('fresh');
  await spent(fresh, 300);
  await backups.archived(shop.sql);
  await postgres?.stop();
  postgres = await backups.startAsOf(row?.now ?? '');
  await until(async () => {
    const [at] = await shop.sql<{ recovering: boolean }[]>`select pg_is_in_recovery() as recovering`.catch(() => []);
    return at?.recovering === false;
  });
  expect(await movementsOf(old)).toEqual([1_000, -10]);
  expect(await movementsOf(fresh)).toEqual([]);

  // Its key would bring another payment of the same money, and any new one could be such a repeat.
  for (const key of ['fresh', 'another'])
    expect(await until(async () => notAway(await issue(key))), key).toMatchObject({
      status: 503,
      body: { code: 'books_put_back' },
    });
  // A till goes on: the payment itself knows what it has, and the books take nothing of it yet.
  const goesOn = await spend(old, 5, randomUUID(), { Prefer: 'wait=0' });
  expect(goesOn).toMatchObject({ status: 200, body: { payment: { balanceMinor: 965 } } });
  expect(await differences()).toMatchObject({ [`${old} row_behind`]: true, [`${fresh} row_missing`]: true });

  const completed = await completeBooks(parts());
  expect(completed).toMatchObject({ commands: 4, payments: 2, reservations: 1, left: [], issuing: 'open' });
  expect(await movementsOf(old)).toEqual([1_000, -10, -20, -5]);
  expect(await movementsOf(fresh)).toEqual([1_000, -300]);
  const again = await issue('fresh');
  expect(again).toMatchObject({ status: 201, body: { payment: { reference: fresh, balanceMinor: 700 } } });
  expect(again.headers.get('Idempotent-Replayed')).toBe('true');
  expect((await issue('another')).status).toBe(201);
  // What met the books while they were behind has frozen, and an admin thaws it.
  const thaw = () => shop.post(`/account-payments/${old}/thaw`, { cause: 'conflict', reason: 'books put back' });
  await until(async () => (await thaw()).status === 200);
  await spent(old, 965);
  expect(await differences()).toEqual({});
});

test('Temporal an hour back, and the books as they are: nothing is spent twice, and all comes back', async () => {
  const old = await issued();
  await spent(old, 10, 'first');
  const put = (from: string, to: string) =>
    Promise.all(
      ['', '-wal', '-shm'].map(async (more) => {
        await rm(join(folder, to + more), { force: true });
        await cp(join(folder, from + more), join(folder, to + more)).catch(() => undefined);
      }),
    );
  await temporal?.stop();
  await put('temporal.sqlite', 'temporal.backup');
  temporal = await temporalAt();
  await until(async () => (await spend(old, 20, 'second')).status === 200);
  const fresh = await issued('later');
  await until(async () => (await movementsOf(old)).length === 3);
  // A worker that lived through it would hold workflows as they were.
  await shop.stopWorker();
  await temporal.stop();
  await put('temporal.backup', 'temporal.sqlite');
  temporal = await temporalAt();
  await shop.startWorker();

  // It believes to have 990, of which 20 are gone.
  const told = await until(async () => notAway(await spend(old, 990)));
  expect(told).toMatchObject({ status: 409, body: { code: 'payment_frozen' } });
  expect(await spend(fresh, 1)).toMatchObject({ status: 503, body: { code: 'actor_missing' } });
  expect(await differences()).toEqual({ [`${old} row_ahead`]: true, [`${fresh} actor_missing`]: true });

  const restored = await restoreAll(shop);
  expect(new Map(restored.map(({ reference, told: each }) => [reference, each]))).toEqual(
    new Map([old, fresh].map((reference) => [reference, 'restored'])),
  );
  for (const [key, amountMinor] of [
    ['first', 10],
    ['second', 20],
  ] as const) {
    const repeat = await spend(old, amountMinor, key);
    expect(repeat.headers.get('Idempotent-Replayed'), key).toBe('true');
    expect(repeat).toMatchObject({ status: 200, body: { payment: { balanceMinor: 970 } } });
  }
  expect((await issue('later')).body.payment.reference).toBe(fresh);
  await spent(old, 970);
  await spent(fresh, 1_000);
  expect(await differences()).toEqual({});
});

/** Once the server that came back is found again. */
function notAway<Each extends { status: number; body: { code?: string } }>(reply: Each): Each | false {
  const isAway = /^(temporal|records)_unavailable$|^outcome_unknown$/.test(reply.body.code ?? '');
  return isAway ? false : reply;
}
