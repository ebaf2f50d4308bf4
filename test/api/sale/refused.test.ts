import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inParallel } from '../../../activities/inParallel.js';
import { openShop, until, untilTold, type Shop } from '../../support/shop.js';

let shop: Shop;
beforeAll(async () => void (shop = await openShop()));
afterAll(() => shop.close());

const NOBODYS = 'ACC-20200101-00000000';
const hold = (saleId: string, reference: string, idempotencyKey: string = randomUUID()) => {
  const basket = { customerId: 'C-1', currency: 'EUR', lines: [{ productId: 'bike', amountMinor: 10 }] };
  const payments = [{ reference, amountMinor: 10 }];
  return shop.post(`/sales/${saleId}/hold`, { ...basket, payments }, { key: shop.keys.till, idempotencyKey });
};

test('a refused first hold ends its sale, which stays refused to its repeats and is told as such', async () => {
  const saleId = `S-${randomUUID()}`;
  const refused = () => untilTold(() => hold(saleId, NOBODYS, 'k-1'));
  expect(await refused()).toMatchObject({ status: 404, body: { code: 'payment_not_found' } });
  const handle = shop.saleHandle(saleId);
  const { runId } = await until(async () => {
    const described = await handle.describe();
    return described.status.name === 'COMPLETED' && described;
  });
  expect(await shop.get(`/sales/${saleId}`)).toMatchObject({ status: 200, body: { sale: { status: 'refused' } } });
  const again = await refused();
  expect(again).toMatchObject({ status: 404, body: { code: 'payment_not_found' } });
  expect(again.headers.get('Idempotent-Replayed')).toBe('true');
  // The run that told it ends as well.
  await until(async () => {
    const described = await handle.describe();
    return described.runId !== runId && described.status.name === 'COMPLETED';
  });
});

test('what was refused stays refused while the books are slow to say so, though it would be taken by now', async () => {
  const saleId = `S-${randomUUID()}`;
  const { reference } = await shop.issue({ amountMinor: 10 });
  const key = randomUUID();
  const ask = () => hold(saleId, reference, key);
  const { reference: other } = await shop.issue({ amountMinor: 10 });
  const single = { customerId: 'C-1', amountMinor: 5, currency: 'EUR', saleId };
  const spendAndGiveBack = (act: 'apply' | 'refund') =>
    untilTold(() => shop.post(`/account-payments/${other}/${act}`, single, { idempotencyKey: `${act}-${key}` }));
  expect(await spendAndGiveBack('apply')).toMatchObject({ status: 200 });
  expect(await untilTold(ask)).toMatchObject({ status: 409, body: { code: 'sale_exists' } });
  await until(async () => (await shop.sql`select from sale_commands where sale_id = ${saleId}`).length > 0);
  // It would end by itself a minute later.
  await shop.saleHandle(saleId).terminate('to end it sooner');
  expect(await spendAndGiveBack('refund')).toMatchObject({ status: 200 });
  const meanwhile = await shop.sql.begin(async (locking) => {
    await locking`lock table sale_commands in access exclusive mode`;
    return ask();
  });
  expect(meanwhile).toMatchObject({ status: 503, body: { code: 'books_unavailable' } });
  const again = await untilTold(ask);
  expect(again).toMatchObject({ status: 409, body: { code: 'sale_exists' } });
  expect(again.headers.get('Idempotent-Replayed')).toBe('true');
});

test('another try of a refused sale is taken, however soon it comes', async () => {
  const tryTwice = async (i: number) => {
    const { reference } = await shop.issue();
    const saleId = `S-${randomUUID()}`;
    const [first, second] = [randomUUID(), randomUUID()];
    expect(await untilTold(() => hold(saleId, NOBODYS, first))).toMatchObject({ status: 404 });
    // From at once to when the run has long ended.
    await pause(i * 10);
    return (await untilTold(() => hold(saleId, reference, second))).status;
  };
  const statuses: number[] = [];
  await inParallel(5, 25, async (i) => void statuses.push(await tryTwice(i)));
  expect(statuses).toEqual(Array<number>(25).fill(200));
});
