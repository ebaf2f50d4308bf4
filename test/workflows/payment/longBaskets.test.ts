import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import { inParallel } from '../../../activities/inParallel.js';
import { openShop, until, type Shop } from '../../support/shop.js';

/** Whether Postgres takes what the payments have decided. */
let books: 'there' | 'away' = 'there';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({
    around: (activities) => ({
      ...activities,
      record: (batch) => (books === 'away' ? Promise.reject(new Error('away')) : activities.record(batch)),
    }),
  });
});
afterEach(() => {
  books = 'there';
});
afterAll(() => shop.close());

const spending = { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: 'S-1' };
/** As long as one body may be: some 110 kB. */
const lines = Array.from({ length: 500 }, (_, i) => ({
  productId: `${'gid://shop/ProductVariant/'.repeat(4)}${i}`.padEnd(128, 'x'),
  amountMinor: 999_999_999_999,
  taxCode: 'DE19'.repeat(8),
}));

const handleOf = (reference: string) => shop.client.workflow.getHandle(reference);
const viewOf = (reference: string) => handleOf(reference).query<AccountPaymentView>('payment');
const recorded = async (reference: string) => {
  const [row] = await shop.sql<{ moved: number }[]>`
    select count(*)::int as moved from movements where reference = ${reference} and kind = 'applied'`;
  return row?.moved ?? 0;
};

async function issued(): Promise<string> {
  const { reference } = await shop.issue({ amountMinor: 1_000_000 });
  await until(async () => (await viewOf(reference)).revision === 1 && (await attemptsOf(reference)) === 0);
  return reference;
}

/** How often the record that is under way was tried. */
async function attemptsOf(reference: string): Promise<number> {
  const { raw } = await handleOf(reference).describe();
  return raw.pendingActivities?.[0]?.attempt ?? 0;
}

/** Leaves so many signals with a payment, and waits until it has heard all of them. */
async function leave(reference: string, count: number, name: string, message: object): Promise<void> {
  await inParallel(3, count, async (i) => {
    await handleOf(reference).signal('apply', { ...message, commandId: `${name}-${i}` });
  });
  await until(async () => !(await handleOf(reference).describe()).raw.pendingWorkflowTask);
}

test('long baskets that come by signal while Postgres is away are decided and recorded when it is back', async () => {
  const reference = await issued();
  books = 'away';
  const COUNT = 45;
  await leave(reference, COUNT, 'long', { ...spending, lines });
  await until(async () => (await attemptsOf(reference)) > 2);
  books = 'there';
  await until(async () => (await recorded(reference)) === COUNT);
  expect(await viewOf(reference)).toMatchObject({ balanceMinor: 1_000_000 - COUNT, status: 'active' });
}, 180_000);

test('while as many signals wait as may, no timer and no update fills the history, and none is lost', async () => {
  const reference = await issued();
  books = 'away';
  // What is decided and not recorded has no room for more; all others wait.
  await leave(reference, 9, 'long', { ...spending, lines });
  const COUNT = 1_010;
  await leave(reference, COUNT, 'short', spending);

  await until(async () => (await eventsBetweenTries(reference)) === 0);

  const statuses = new Set<number>();
  const long = { ...spending, lines };
  await inParallel(8, 150, async () => {
    const { status } = await shop.post(`/account-payments/${reference}/apply`, long);
    statuses.add(status);
  });
  expect([...statuses]).toEqual([429]);
  const { bytes } = await historyOf(reference);
  expect(bytes).toBeLessThan(14 * 1024 * 1024);

  books = 'there';
  await until(async () => (await recorded(reference)) === COUNT + 9);
  expect(await viewOf(reference)).toMatchObject({ balanceMinor: 1_000_000 - COUNT - 9, status: 'active' });
  expect((await shop.post(`/account-payments/${reference}/apply`, spending)).status).toBe(200);
}, 300_000);

/** How many events come while the record that is under way is tried once more: no try is one. */
async function eventsBetweenTries(reference: string): Promise<number> {
  const [before, attempts] = [await historyOf(reference), await attemptsOf(reference)];
  await until(async () => (await attemptsOf(reference)) > attempts);
  return (await historyOf(reference)).length - before.length;
}

async function historyOf(reference: string): Promise<{ length: number; bytes: number }> {
  const { historyLength, raw } = await handleOf(reference).describe();
  return { length: historyLength, bytes: Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0) };
}
