import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, expect, inject, test } from 'vitest';
import type { MovementRow } from '../../db/payment/movements.js';
import type { AccountPaymentView } from '../../domain/payment/payment.js';
import type { SaleView } from '../../domain/sale/sale.js';
import { startPostgres } from '../../scripts/servers/postgres.js';
import { freePort } from '../../scripts/servers/ports.js';
import { AMPLE_MS } from '../support/patience.js';
import { end, startService } from '../support/services.js';
import {
  addNamespace,
  openShop,
  openShopOfProcesses,
  until,
  untilTold,
  type Reply,
  type Shop,
} from '../support/shop.js';

const shops: Shop[] = [];
afterAll(() => Promise.all(shops.map((shop) => shop.close())));

type Answer = { code?: string; recorded: boolean; usage: { sequence: number } };

async function shopWith(options: Parameters<typeof openShop>[0]): Promise<Shop> {
  const shop = await openShop({ patience: 'ample_without_books', ...options });
  shops.push(shop);
  return shop;
}

const applyTo = (shop: Shop, reference: string, idempotencyKey: string, amountMinor = 1): Promise<Reply<Answer>> =>
  shop.post<Answer>(
    `/account-payments/${reference}/apply`,
    { customerId: 'C-1', amountMinor, currency: 'EUR', saleId: `S-${idempotencyKey}` },
    { idempotencyKey, key: shop.keys.till },
  );

const movementsOf = (shop: Shop, reference: string) =>
  shop.sql<MovementRow[]>`select * from movements where reference = ${reference} order by sequence`;

test('while Postgres is away tills go on spending, and afterwards every movement is there once', async () => {
  const folder = join(inject('folder'), `outage-${randomUUID()}`);
  const port = await freePort();
  let postgres = await startPostgres({ folder, port });
  // A Postgres that is not there says so at once; one that is back is asked for as long as a slow machine needs.
  const keyPatienceMs = AMPLE_MS;
  const shop = await shopWith({ postgresUrl: postgres.url, namespace: await addNamespace(), keyPatienceMs });
  try {
    const basket = { customerId: 'C-1', currency: 'EUR', lines: [{ productId: 'bike', amountMinor: 100 }] };
    const { reference } = await shop.issue();
    const { reference: other } = await shop.issue();
    const { reference: third } = await shop.issue();
    expect((await applyTo(shop, reference, 'before')).body.recorded).toBe(true);
    const settle = (saleId: string, ofPayment: string, idempotencyKey: string) =>
      shop.post(
        `/sales/${saleId}/settle`,
        { ...basket, payments: [{ reference: ofPayment, amountMinor: 7 }] },
        { idempotencyKey },
      );
    const giveBack = (saleId: string) =>
      shop.post(`/sales/${saleId}/return`, { currency: 'EUR' }, { idempotencyKey: `back-${saleId}` });
    expect(await settle('S-ended', other, 'ended')).toMatchObject({ status: 200 });
    const { reference: half } = await shop.issue({ amountMinor: 100 });
    const applied = { customerId: 'C-1', amountMinor: 60, currency: 'EUR' };
    const applyHalf = (saleId: string) =>
      untilTold(() =>
        shop.post(`/account-payments/${third}/apply`, { ...applied, saleId }, { idempotencyKey: `half-${saleId}` }),
      );
    const settleHalf = (saleId: string, takenMinor: number) => {
      const asked = { ...basket, payments: [{ reference: half, amountMinor: 40 }], takenMinor };
      return untilTold(() => shop.post(`/sales/${saleId}/settle`, asked, { idempotencyKey: `halves-${saleId}` }));
    };
    expect(await applyHalf('S-before-half')).toMatchObject({ status: 200 });
    expect(await settleHalf('S-before-half', 60)).toMatchObject({ status: 200 });
    expect(await settleHalf('S-half-before', 0)).toMatchObject({ status: 200 });
    expect(await applyHalf('S-half-before')).toMatchObject({ status: 200 });
    await postgres.stop();

    const during = await Promise.all(Array.from({ length: 30 }, (_, i) => applyTo(shop, reference, `during-${i}`)));
    for (const reply of during) expect(reply).toMatchObject({ status: 200, body: { recorded: false } });
    expect(await applyTo(shop, reference, 'during-0')).toMatchObject({
      status: 200,
      body: { usage: during[0]?.body.usage },
    });
    const at = `/account-payments/${reference}`;
    expect(await shop.get(at)).toMatchObject({ status: 200, body: { balanceMinor: 9_969, source: 'actor' } });
    expect(
      await shop.post(`${at}/refund`, { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: 'S-before' }),
    ).toMatchObject({
      status: 200,
    });
    expect(await shop.post(`${at}/extend`, { customerId: 'C-1', expiresAt: '2040-01-01', reason: 'x' })).toMatchObject({
      status: 422,
      body: { code: 'expires_at_not_later' },
    });
    const cancelled = await shop.post(`/account-payments/${other}/cancel`, {
      customerId: 'C-1',
      disposition: 'paid_out',
      tender: 'cash',
      reason: 'x',
    });
    expect(cancelled).toMatchObject({ status: 200, body: { recorded: false } });
    for (const saleId of ['S-ended', 'S-before'])
      expect(await giveBack(saleId), saleId).toMatchObject({ status: 503, body: { code: 'books_unavailable' } });
    const halves = ['S-before-half', 'S-half-before'];
    for (const saleId of halves) {
      const back = await shop.post(`/sales/${saleId}/return`, { currency: 'EUR', lines: basket.lines });
      expect(back, 'what credit paid is not another tender').toMatchObject({ body: { code: 'books_unavailable' } });
    }
    expect(await settle('S-outage', reference, 'outage')).toMatchObject({
      status: 200,
      body: { sale: { takenMinor: 7 }, recorded: false },
    });
    expect(await shop.post('/sales/S-outage/return', { currency: 'EUR' })).toMatchObject({
      status: 200,
      body: { return: { amountMinor: 7 }, recorded: false },
    });
    expect(await shop.post('/sales/S-outage/quote', basket)).toMatchObject({
      status: 503,
      body: { code: 'records_unavailable' },
    });
    expect(
      await shop.post('/gifts', { reference, customerId: 'C-1', toCustomerId: 'C-2', amountMinor: 1, currency: 'EUR' }),
    ).toMatchObject({ status: 503 });
    for (const path of ['/account-payments', `${at}/movements`, '/customers/C-1']) {
      expect(await shop.get(path), path).toMatchObject({ status: 503, body: { code: 'records_unavailable' } });
    }
    expect(
      await shop.post('/account-payments', {
        customerId: 'C-1',
        type: 'generic',
        purpose: 'gift',
        amountMinor: 1,
        currency: 'EUR',
      }),
    ).toMatchObject({
      status: 503,
      body: { code: 'records_unavailable' },
    });

    postgres = await startPostgres({ folder, port });
    await until(async () => (await movementsOf(shop, reference)).length === 35);
    const movements = await movementsOf(shop, reference);
    expect(new Set(movements.map(({ commandId }) => commandId)).size).toBe(35);
    expect(movements.at(-1)?.balanceAfterMinor).toBe(9_970);
    await until(
      async () => (await shop.get<{ source: string }>(`/account-payments/${other}`)).body.source === 'records',
      40_000,
    );
    expect(await shop.issue()).toMatchObject({ status: 'active' });
    // Keys that were used meanwhile mean what they meant.
    await until(async () => (await shop.sql`select from sale_commands where sale_id = 'S-outage'`).length === 2);
    const reused = { status: 422, body: { code: 'command_id_reused' } };
    expect(await applyTo(shop, third, 'during-0')).toMatchObject(reused);
    expect(await settle('S-other', third, 'outage')).toMatchObject(reused);
    expect(await shop.get(`/account-payments/${third}`)).toMatchObject({ body: { revision: 3 } });
    for (const saleId of halves)
      expect(await shop.post(`/sales/${saleId}/return`, { currency: 'EUR', lines: basket.lines })).toMatchObject({
        body: { return: { amountMinor: 100, otherTenderMinor: 0 } },
      });
    expect(await giveBack('S-ended')).toMatchObject({ status: 200, body: { return: { amountMinor: 7 } } });
    expect(await giveBack('S-before')).toMatchObject({ status: 409, body: { code: 'exceeds_refundable' } });
  } finally {
    await postgres.stop();
  }
});

test('a worker that is killed in the middle of a hundred applies costs nothing: each has one movement and its one answer', async () => {
  const { shop, env } = await openShopOfProcesses();
  shops.push(shop);
  const first = await startService('worker', env);
  const { reference } = await shop.issue();
  await applyTo(shop, reference, 'warm');
  const started = Array.from({ length: 100 }, (_, i) => applyTo(shop, reference, `k${i}`));
  await until(async () => (await movementsOf(shop, reference)).length > 10);
  await end(first, 'SIGKILL');
  const second = await startService('worker', env);
  try {
    await Promise.all(started);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        until(async () => {
          const reply = await applyTo(shop, reference, `k${i}`);
          return reply.status !== 429 && reply.status < 500 && reply;
        }),
      ),
    );
    for (const answer of answers) expect(answer).toMatchObject({ status: 200 });
    await until(async () => (await movementsOf(shop, reference)).length === 102);
    const movements = await movementsOf(shop, reference);
    const told = answers.map(({ body }) => body.usage.sequence).sort((a, b) => a - b);
    expect(told).toEqual(movements.slice(2).map(({ sequence }) => sequence));
    expect(movements.at(-1)?.balanceAfterMinor).toBe(10_000 - 101);
  } finally {
    expect(await end(second, 'SIGTERM')).toBe(0);
  }
});

test('a sale over 20 payments settles all or nothing, with a worker that is killed while it holds and while it takes', async () => {
  const { shop: twenty, env } = await openShopOfProcesses();
  shops.push(twenty);
  let service = await startService('worker', env);
  const killOnce = async (sign: () => Promise<boolean>) => {
    await until(sign);
    await end(service, 'SIGKILL');
    service = await startService('worker', env);
  };
  try {
    const issueTwenty = (poor: number) =>
      Promise.all(
        Array.from(
          { length: 20 },
          async (_, i) => (await twenty.issue({ amountMinor: i < poor ? 59 : 100 })).reference,
        ),
      );
    const [all, nothing] = [await issueTwenty(0), await issueTwenty(1)];
    await until(async () => (await twenty.sql`select 1 from account_payments`).length === 40);
    const settle = (saleId: string, references: string[]) => {
      const payments = references.map((reference) => ({ reference, amountMinor: 60 }));
      const body = {
        customerId: 'C-1',
        currency: 'EUR',
        lines: [{ productId: 'bike', amountMinor: 1_200 }],
        payments,
      };
      return twenty.post<{ sale: SaleView; code?: string }>(`/sales/${saleId}/settle`, body, {
        idempotencyKey: saleId,
      });
    };
    const finally20 = (saleId: string, references: string[]) =>
      until(async () => {
        const reply = await settle(saleId, references);
        return reply.status < 500 && reply;
      });
    const hasHeld = async ([reference = '']: string[]) => {
      const payment = await twenty.actors.payment(reference).catch(() => undefined);
      return typeof payment === 'object' && payment.revision > 1;
    };
    const both = Promise.all([finally20('S-all', all), finally20('S-nothing', nothing)]);
    // What a settlement holds is in the books with what it takes, so the first sign is the payment's own.
    await killOnce(() => hasHeld(all));
    await killOnce(async () => (await twenty.sql`select 1 from movements where kind = 'applied'`).length > 0);
    const [settled, refused] = await both;
    expect(settled).toMatchObject({ status: 200, body: { sale: { status: 'completed', takenMinor: 1_200 } } });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'insufficient_balance', sale: { status: 'refused', heldMinor: 0, takenMinor: 0 } },
    });
    const amountsOf = async (references: string[]) =>
      Promise.all(references.map((reference) => until(() => twenty.actors.payment(reference).catch(() => undefined))));
    for (const state of await amountsOf(all)) expect(state).toMatchObject({ balanceMinor: 40, heldMinor: 0 });
    for (const state of (await amountsOf(nothing)).slice(1))
      expect(state).toMatchObject({ balanceMinor: 100, heldMinor: 0 });
    await until(async () => (await twenty.sql`select 1 from movements where sale_id = 'S-all'`).length === 20);
    expect(await twenty.sql`select 1 from movements where sale_id = 'S-nothing'`).toEqual([]);
  } finally {
    await end(service, 'SIGTERM');
  }
});

test('without a worker a till is told that the outcome is unknown, and its repeat finds it decided once', async () => {
  const shop = await shopWith({ worker: 'none', patience: 'ample_with_worker' });
  const { reference } = await shop.issue();
  const lost = await applyTo(shop, reference, 'k');
  expect(lost).toMatchObject({ status: 504, body: { code: 'outcome_unknown' } });
  expect(lost.headers.get('Retry-After')).toBe('1');
  expect(await shop.get(`/account-payments/${reference}`)).toMatchObject({ status: 200, body: { revision: 1 } });
  await shop.startWorker();
  const decided = await until(async () => {
    const reply = await applyTo(shop, reference, 'k');
    return reply.status !== 429 && reply.status !== 504 && reply;
  });
  expect(decided).toMatchObject({ status: 200 });
  await until(async () => (await movementsOf(shop, reference)).length === 2);
  expect(await shop.get<AccountPaymentView>(`/account-payments/${reference}`)).toMatchObject({
    body: { balanceMinor: 9_999, revision: 2 },
  });
});

test('a payment whose workflow was terminated is an alarm, not a 404: nothing is decided for it', async () => {
  const shop = await shopWith({});
  const { reference } = await shop.issue();
  await applyTo(shop, reference, 'before');
  await shop.client.workflow.getHandle(reference).terminate('by mistake');
  expect(await applyTo(shop, reference, 'after')).toMatchObject({ status: 503, body: { code: 'actor_missing' } });
  expect(await applyTo(shop, reference, 'before')).toMatchObject({ status: 200, body: { usage: { sequence: 2 } } });
  expect(await shop.get(`/account-payments/${reference}`)).toMatchObject({
    status: 200,
    body: { source: 'records', balanceMinor: 9_999 },
  });
  expect(await shop.metrics.registry.getSingleMetricAsString('account_payment_actors_missing_total')).toContain(' 1');
});
