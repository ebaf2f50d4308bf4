import proto from '@temporalio/proto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../../scripts/finance/random.js';
import { readRestorable, startRestored } from '../../../scripts/restorePayment.js';
import { beforeItEnds } from '../../support/beforeItEnds.js';
import { openShop, until, untilTold, type Shop } from '../../support/shop.js';

const { EventType } = proto.temporal.api.enums.v1;

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const spending = { customerId: 'C-1', amountMinor: 1, currency: 'EUR' };
const at = (reference: string, act: string) => `/account-payments/${reference}/${act}`;

const told = (path: string, body: object, idempotencyKey: string) =>
  untilTold(() => shop.post<{ hold?: { holdId: string } }>(path, body, { idempotencyKey }));
const decided = async (path: string, body: object, idempotencyKey: string): Promise<number> =>
  (await told(path, body, idempotencyKey)).status;

/** One that has nothing in memory. */
async function anotherWorker(): Promise<void> {
  await shop.stopWorker();
  await shop.startWorker();
}

/** What happened in a run of a payment, in its order. */
async function eventsOf(workflowId: string, runId?: string) {
  const { events } = await shop.client.workflow.getHandle(workflowId, runId).fetchHistory();
  return (events ?? []).map(({ eventType }) => eventType);
}

/** All runs of a payment, the oldest first, and what the worker could not make of its own history. */
async function tasksFailed(reference: string): Promise<unknown[]> {
  const failed = [];
  for await (const { runId } of shop.client.workflow.list({ query: `WorkflowId = '${reference}'` })) {
    const { events } = await shop.client.workflow.getHandle(reference, runId).fetchHistory();
    failed.push(...(events ?? []).flatMap((event) => event.workflowTaskFailedEventAttributes?.failure?.message ?? []));
  }
  return failed;
}

/**
 * Uses it until it goes on in a run that has nothing to do: the next that comes to it is a message. A run that is full
 * when a record has come back leaves nothing to the next; how many events have come by then is moved by signals.
 */
async function untilAtRestInNewRun(reference: string): Promise<void> {
  const use = async (saleId: string, headers: Record<string, string>) => {
    const body = { ...spending, saleId };
    await until(
      async () => (await shop.post(at(reference, 'apply'), body, { idempotencyKey: saleId, headers })).status < 300,
    );
    return until(async () => {
      const { runId, raw } = await shop.client.workflow.getHandle(reference).describe();
      return !raw.pendingWorkflowTask && (raw.pendingActivities ?? []).length === 0 && runId;
    });
  };
  let run = await use('S-first', {});
  for (let runs = 0; ; runs++) {
    for (let n = 0; n < 3; n++) await use(`S-${runs}-left-${n}`, { Prefer: 'respond-async' });
    for (let n = 0; (await use(`S-${runs}-${n}`, {})) === run; n++);
    if ((await eventsOf(reference)).join() === AT_REST.join()) return;
    ({ runId: run } = await shop.client.workflow.getHandle(reference).describe());
  }
}

const AT_REST = [
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
];

test('a message that is the first thing which a new worker hears of a run at rest is decided as it is replayed', async () => {
  const { reference } = await shop.issue({ amountMinor: 100_000 });
  await untilAtRestInNewRun(reference);
  await anotherWorker();
  const basket = { customerId: 'C-1', currency: 'EUR', lines: [{ productId: 'bike', amountMinor: 100 }] };
  expect(await decided('/sales/S-held/hold', { ...basket, payments: [{ reference, amountMinor: 60 }] }, 'hold')).toBe(
    200,
  );
  await anotherWorker();
  expect(await decided(at(reference, 'apply'), { ...spending, saleId: 'S-after' }, 'after')).toBe(200);
  expect(await tasksFailed(reference)).toEqual([]);
});

test('what waits for a run that begins when its payment is over is decided and recorded before it ends', async () => {
  const { reference, commandId, endsAt } = await beforeItEnds(async ({ expiresAt }) => {
    await anotherWorker();
    const { reference: issued } = await shop.issue({ amountMinor: 1, expiresAt });
    expect(await decided(at(issued, 'apply'), { ...spending, saleId: 'S-last' }, `last-${issued}`)).toBe(200);
    const restorable = await until(async () => {
      const found = await readRestorable(shop.sql, issued);
      return found.books === 'there' && found.input.origin === 'continued' && found;
    });
    await shop.stopWorker();
    await shop.client.workflow.getHandle(issued).terminate('to begin anew');
    expect(await startRestored(shop, restorable)).toBe('restored');
    const left = { headers: { Prefer: 'respond-async' } };
    const refund = { ...spending, saleId: 'S-last' };
    const reply = await shop.post<{ commandId: string }>(at(issued, 'refund'), refund, left);
    expect(reply.status).toBe(202);
    return { reference: issued, commandId: reply.body.commandId, endsAt: expiresAt };
  }, 4_000);
  await until(() => Promise.resolve(Date.now() > Date.parse(endsAt)));
  await shop.startWorker();
  expect(await shop.client.workflow.getHandle(reference).result()).toMatchObject({ status: 'used', balanceMinor: 0 });
  const rows = await shop.sql<{ outcome: string }[]>`
    select outcome from commands where reference = ${reference} and command_id = ${commandId}`;
  expect(rows.map(({ outcome }) => outcome)).toEqual(['payment_expired']);
});

test('a worker that keeps nothing in memory does what it did before, whatever comes together', async () => {
  await shop.stopWorker();
  await shop.startWorker({ cachedWorkflows: 0 });
  const { reference } = await shop.issue({ amountMinor: 100_000, expiresAt: '2035-01-01T00:00:00Z' });
  const random = createRandom(7);
  const mine = { customerId: 'C-1', reason: 'why not' };
  const basket = { customerId: 'C-1', currency: 'EUR', lines: [{ productId: 'bike', amountMinor: 100 }] };
  const payments = [{ reference, amountMinor: 2 }];
  const held: { saleId: string; holdId: string }[] = [];
  const hold = async (id: string, lifetimeMs = random.whole(1_000, 60_000)) => {
    const saleId = `H-${id}`;
    const reply = await told(`/sales/${saleId}/hold`, { ...basket, payments, lifetimeMs }, id);
    if (reply.body.hold) held.push({ saleId, holdId: reply.body.hold.holdId });
    return reply.status;
  };
  let extended = 2_040;
  const acts = {
    apply: (id: string) => decided(at(reference, 'apply'), { ...spending, saleId: `R-${random.whole(0, 9)}` }, id),
    refund: (id: string) => decided(at(reference, 'refund'), { ...spending, saleId: `R-${random.whole(0, 9)}` }, id),
    hold,
    release: (id: string) => {
      const open = held.pop();
      return open ? decided(`/sales/${open.saleId}/release`, { customerId: 'C-1', holdId: open.holdId }, id) : hold(id);
    },
    extend: (id: string) =>
      decided(at(reference, 'extend'), { ...mine, expiresAt: `${(extended += 1)}-01-01T00:00:00Z` }, id),
    freeze: (id: string) => decided(at(reference, 'freeze'), { reason: 'why not' }, id),
    thaw: (id: string) => decided(at(reference, 'thaw'), { reason: 'why not' }, id),
  } satisfies Record<string, (id: string) => Promise<number>>;

  // Each of them once when it has to be accepted.
  expect(await decided(at(reference, 'apply'), { ...spending, amountMinor: 50, saleId: 'R-first' }, 'apply')).toBe(200);
  expect(await decided(at(reference, 'refund'), { ...spending, saleId: 'R-first' }, 'refund')).toBe(200);
  expect(await hold('first', 600_000)).toBe(200);
  for (const act of ['release', 'extend', 'freeze', 'thaw'] as const) expect(await acts[act](act), act).toBe(200);
  const names = Object.keys(acts) as (keyof typeof acts)[];
  for (let n = 0; n < 16; n++) {
    const together = Array.from({ length: random.whole(1, 3) }, () => random.pick(names));
    const statuses = await Promise.all(together.map((name, i) => acts[name](`r${n}.${i}`)));
    for (const status of statuses) expect([200, 409, 422], together.join()).toContain(status);
  }
  expect(await tasksFailed(reference)).toEqual([]);
});
