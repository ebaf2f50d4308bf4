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
}, 600_000);

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
}, 600_000);

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

/** All runs of a workflow, how each ended, and what a worker could not make of its history. */
async function runsOf(workflowId: string): Promise<{ statuses: string[]; failed: unknown[] }> {
  const [statuses, failed]: [string[], unknown[]] = [[], []];
  for await (const { runId, status } of shop.client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
    statuses.push(status.name);
    failed.push(...(await failuresIn({ workflowId, runId })));
  }
  return { statuses, failed };
}

/** A task's events at a time: no answer of the server has more than 4 MiB, and the server writes no more at once. */
async function failuresIn(execution: { workflowId: string; runId: string }): Promise<unknown[]> {
  const failed: unknown[] = [];
  let nextPageToken: Uint8Array | null | undefined;
  do {
    const asked = { namespace: 'default', execution, maximumPageSize: 1, nextPageToken: nextPageToken ?? null };
    const page = await shop.client.workflowService.getWorkflowExecutionHistory(asked);
    const events = page.history?.events ?? [];
    failed.push(...events.flatMap((event) => event.workflowTaskFailedEventAttributes?.failure?.message ?? []));
    nextPageToken = page.nextPageToken;
  } while (nextPageToken && nextPageToken.length > 0);
  return failed;
}

/** As tills do it: each asks again under its key until it is told what was decided. */
function askedByMany(path: string, body: object): Promise<number[]> {
  return Promise.all(
    Array.from({ length: 64 }, (_, i) =>
      until(async () => {
        const { status } = await shop.post(path, body, { idempotencyKey: `${path}-${i}` });
        return status !== 429 && status < 500 && status;
      }, 400_000),
    ),
  );
}

test('64 long baskets that tills send while no worker runs are decided when one does, by a payment and by a sale', async () => {
  const [reference, saleId] = [await issued(), 'S-long'];
  await shop.stopWorker();
  const { saleId: _, ...basket } = { ...spending, lines, lifetimeMs: 600_000 };
  const { amountMinor, ...ofSale } = basket;
  const asked = Promise.all([
    askedByMany(`/account-payments/${reference}/apply`, { ...spending, lines }),
    askedByMany(`/sales/${saleId}/hold`, { ...ofSale, payments: [{ reference, amountMinor }] }),
  ]);
  await until(async () => (await inFlight(reference)) > 0);
  await shop.startWorker();
  const [applied, held] = await asked;
  expect(new Set(applied)).toEqual(new Set([200]));
  expect(held.filter((status) => status === 200)).toHaveLength(1);
  expect(new Set(held)).toEqual(new Set([200, 409]));
  expect(await viewOf(reference)).toMatchObject({ balanceMinor: 1_000_000 - 64, heldMinor: 1 });
  for (const workflowId of [reference, `sale/${shop.shopId}/${saleId}`]) {
    const { statuses, failed } = await runsOf(workflowId);
    // A run that would go on in another while more came in is told so by its task's failure, and takes that first.
    expect(
      failed.filter((why) => why !== 'UnhandledCommand'),
      workflowId,
    ).toEqual([]);
    for (const status of statuses) expect(['RUNNING', 'CONTINUED_AS_NEW'], workflowId).toContain(status);
  }
}, 600_000);

/** Whether anybody's update waits for a worker: its task is scheduled, and nobody takes it. */
async function inFlight(reference: string): Promise<number> {
  return (await handleOf(reference).describe()).raw.pendingWorkflowTask ? 1 : 0;
}
