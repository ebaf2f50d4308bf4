import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import { commandPayments } from '../../../activities/payment/command.js';
import { createSlots } from '../../../db/slots.js';
import { findBooked } from '../../../db/payment/booked.js';
import { restore } from '../../../domain/payment/restore.js';
import { toPlain } from '../../../domain/payment/state.js';
import { rerecordPayment } from '../../../scripts/rerecordPayment.js';
import { restorePayment } from '../../../scripts/restorePayment.js';
import { startOfPayment } from '../../../workflows/payment/start.js';
import type { Issue } from '../../../domain/payment/command.js';
import { openShop, until, type Shop } from '../../support/shop.js';
import { untilQuiet } from '../../support/skippedTime.js';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

type Answer = { code?: string; recorded: boolean; payment: AccountPaymentView };
const spend = (reference: string, amountMinor: number, idempotencyKey?: string) =>
  shop.post<Answer>(
    `/account-payments/${reference}/apply`,
    { customerId: 'C-1', amountMinor, currency: 'EUR', saleId: 'S-1' },
    { ...(idempotencyKey !== undefined && { idempotencyKey }), headers: { Prefer: 'wait=1' } },
  );
const movementsOf = async (reference: string) =>
  (
    await shop.sql<{ amountMinor: number }[]>`
    select amount_minor from movements where reference = ${reference} order by sequence`
  ).map((row) => row.amountMinor);
const actor = (reference: string) => shop.client.workflow.getHandle(reference);
const viewOf = (reference: string) => actor(reference).query<AccountPaymentView>('payment');
const isFrozen = (reference: string) => until(async () => (await viewOf(reference)).frozenCauses.includes('conflict'));

/** The first task, after which nothing had been decided but the issue, or one that heard of all records. */
async function firstTaskOf(reference: string, after: 'issued' | 'recorded' = 'issued'): Promise<number> {
  const completed = await until(async () => {
    const { events = [] } = await actor(reference).fetchHistory();
    const from = events?.findLastIndex(({ activityTaskCompletedEventAttributes: activity }) => activity) ?? -1;
    return events?.slice(after === 'issued' ? 0 : from).find(({ workflowTaskCompletedEventAttributes: task }) => task);
  });
  return Number(completed.eventId);
}

async function resetTo(reference: string, eventId: number): Promise<void> {
  await shop.client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: reference },
    reason: 'an operator',
    workflowTaskFinishEventId: eventId as never,
    requestId: `${reference}-${eventId}`,
    // Reapplying what came after is what the UI leaves out when asked to.
    resetReapplyType: 2,
  });
}

test('books that somebody wrote into freeze the payment, and no answer says that it is recorded', async () => {
  const { reference } = await shop.issue({ amountMinor: 100 });
  expect((await spend(reference, 10)).body.recorded).toBe(true);
  await shop.sql.begin(async (sql) => {
    await sql`insert into commands (reference, command_id, revision, kind, body_hash, outcome, rules, caller, shop_id, decided_at,
                                    sale_shop_id, sale_id,
                                    details)
              select reference, 'by hand', 3, kind, body_hash, outcome, rules, caller, shop_id, decided_at,
                                    sale_shop_id, sale_id,
                     details || '{"amountMinor": 5}'
                from commands where reference = ${reference} and revision = 2`;
    await sql`insert into movements (reference, sequence, command_id, kind, amount_minor, balance_before_minor,
                                     balance_after_minor, sale_shop_id, sale_id, shop_id, caller, moved_at)
              values (${reference}, 3, 'by hand', 'applied', -5, 90, 85, ${shop.shopId}, 'S-1', ${shop.shopId}, 'x',
                      now())`;
    await sql`update account_payments set balance_minor = 85, last_sequence = 3, revision = 3
               where reference = ${reference}`;
  });
  const told = await spend(reference, 20, 'k');
  expect(told.body.recorded ?? false).toBe(false);
  await isFrozen(reference);
  expect(await spend(reference, 1)).toMatchObject({ status: 409, body: { code: 'payment_frozen' } });
  const thawed = await shop.post(`/account-payments/${reference}/thaw`, { cause: 'conflict', reason: 'x' });
  expect(thawed).toMatchObject({ status: 409, body: { code: 'books_differ' } });
  expect(await movementsOf(reference)).toEqual([100, -10, -5]);

  await actor(reference).terminate('an operator');
  expect(await restorePayment(shop, reference)).toBe('restored');
  expect(await viewOf(reference)).toMatchObject({ balanceMinor: 85, frozenCauses: [], revision: 3 });
  expect(await spend(reference, 85)).toMatchObject({
    status: 200,
    body: { payment: { status: 'used' }, recorded: true },
  });
  expect(await restorePayment(shop, reference)).toBe('still running');
});

test('a reset to the beginning brings no money back', async () => {
  const { reference } = await shop.issue({ amountMinor: 1_000 });
  await spend(reference, 1_000);
  await resetTo(reference, await firstTaskOf(reference));
  await isFrozen(reference);
  expect(await spend(reference, 1_000)).toMatchObject({ status: 409, body: { code: 'payment_frozen' } });
  expect(await movementsOf(reference)).toEqual([1_000, -1_000]);
});

test('a terminated payment lives on after a reset to its last completed task, and nothing of it is lost', async () => {
  const { reference } = await shop.issue({ amountMinor: 100 });
  expect((await spend(reference, 60)).body.recorded).toBe(true);
  // A reset takes back what the last task did: here no more than hearing of the record.
  await untilQuiet([actor(reference)]);
  await actor(reference).terminate('by mistake');
  expect(await spend(reference, 1)).toMatchObject({ status: 503, body: { code: 'actor_missing' } });
  const { events } = await actor(reference).fetchHistory();
  const completed = events?.filter(({ workflowTaskCompletedEventAttributes: attributes }) => attributes).at(-1);
  await resetTo(reference, Number(completed?.eventId));
  expect(await until(() => viewOf(reference).catch(() => undefined))).toMatchObject({ balanceMinor: 40, revision: 2 });
  expect(await spend(reference, 40)).toMatchObject({
    status: 200,
    body: { payment: { status: 'used', frozenCauses: [] }, recorded: true },
  });
  expect(await movementsOf(reference)).toEqual([100, -60, -40]);
});

test('a terminated payment that is started like itself brings no money back', async () => {
  const { reference } = await shop.issue({ amountMinor: 100 });
  await spend(reference, 60);
  const [scheduled] = (await actor(reference).fetchHistory()).events ?? [];
  const input = scheduled?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data;
  const { issue } = JSON.parse(Buffer.from(input ?? []).toString()) as { issue: Issue };
  await actor(reference).terminate('an operator');
  expect(await spend(reference, 1)).toMatchObject({ status: 503, body: { code: 'actor_missing' } });
  await shop.client.workflow.start('accountPayment', {
    ...startOfPayment(issue),
    taskQueue: shop.taskQueue,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  });
  await isFrozen(reference);
  expect(await spend(reference, 100)).toMatchObject({ status: 409, body: { code: 'payment_frozen' } });
  expect(await movementsOf(reference)).toEqual([100, -60]);
});

test('books that were put back to an hour ago are told as behind, and get from the histories what they miss', async () => {
  const { reference } = await shop.issue({ amountMinor: 100 });
  for (const amountMinor of [1, 2, 3]) await spend(reference, amountMinor);
  await until(async () => (await movementsOf(reference)).length === 4);
  await shop.sql.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    await sql`delete from movements where reference = ${reference} and sequence > 2`;
    await sql`delete from commands where reference = ${reference} and revision > 2`;
    await sql`update account_payments set balance_minor = 99, last_sequence = 2, revision = 2
               where reference = ${reference}`;
  });
  await spend(reference, 4);
  await isFrozen(reference);
  const thaw = () =>
    shop.post<Answer>(`/account-payments/${reference}/thaw`, { cause: 'conflict', reason: 'books put back' });
  expect(await thaw()).toMatchObject({ status: 409, body: { code: 'books_behind' } });
  expect(await rerecordPayment(shop, reference)).toBe(3);
  expect(await movementsOf(reference)).toEqual([100, -1, -2, -3, -4]);
  await until(async () => (await thaw()).status === 200);
  expect(await spend(reference, 90)).toMatchObject({ status: 200, body: { payment: { status: 'used' } } });
});

test('a payment that was reset decides nothing before it has met the books, whoever asks: a till, a sale, a gift', async () => {
  const ask = {
    till: (reference: string) => spend(reference, 500),
    sale: (reference: string) =>
      shop.post<Answer>(`/sales/${reference}/settle`, {
        customerId: 'C-1',
        currency: 'EUR',
        lines: [{ productId: 'bike', amountMinor: 500 }],
        payments: [{ reference, amountMinor: 500 }],
      }),
    gift: (reference: string) =>
      shop.post<Answer>('/gifts', {
        reference,
        customerId: 'C-1',
        toCustomerId: 'C-2',
        amountMinor: 500,
        currency: 'EUR',
      }),
  };
  for (const [who, asks] of Object.entries(ask)) {
    const { reference } = await shop.issue({ amountMinor: 1_000 });
    expect((await spend(reference, 600)).body.recorded).toBe(true);
    const known = await firstTaskOf(reference, 'recorded');
    expect((await spend(reference, 400)).body.recorded).toBe(true);
    await resetTo(reference, known);
    expect(await asks(reference), who).toMatchObject({ status: 409, body: { code: 'payment_frozen' } });
    expect(await shop.sql`select from ledger_conflicts where reference = ${reference}`, who).toHaveLength(1);
    expect(await movementsOf(reference), who).toEqual([1_000, -600, -400]);
  }
});

test('a workflow that was started with other terms than were reserved for it serves nobody', async () => {
  await shop.stopWorker();
  const { reference } = await shop.issue({ amountMinor: 100 });
  const [scheduled] = (await actor(reference).fetchHistory()).events ?? [];
  const input = scheduled?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data;
  const { issue } = JSON.parse(Buffer.from(input ?? []).toString()) as { issue: Issue };
  await actor(reference).terminate('an operator');
  await shop.client.workflow.start('accountPayment', {
    ...startOfPayment({ ...issue, amountMinor: 7_000_000 }),
    taskQueue: shop.taskQueue,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  });
  await shop.startWorker();
  await isFrozen(reference);
  expect(await shop.sql`select from account_payments where reference = ${reference}`).toEqual([]);
});

test('of an old command only its id is known to the payment: the books answer its repeat, and its signal does nothing', async () => {
  const { reference } = await shop.issue({ amountMinor: 100 });
  const first = await spend(reference, 60, 'old');
  expect(first.body.recorded).toBe(true);
  const booked = await findBooked(shop.sql, reference);
  if (!booked) throw new Error('not booked');
  const state = restore(booked.issue, booked.commands);
  await actor(reference).terminate('an operator');
  const { accepted, ...memory } = state.memory;
  const bare = new Map([...accepted.keys()].map((id) => [id, 'accepted'] as const));
  const forgetful = toPlain({ ...state, memory: { ...memory, accepted: new Map(), bare } });
  await shop.client.workflow.start('accountPayment', {
    args: [{ origin: 'continued', state: forgetful, waiting: [] }],
    workflowId: reference,
    taskQueue: shop.taskQueue,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  });
  const again = await spend(reference, 60, 'old');
  expect(again).toMatchObject({ status: 200, body: { payment: { balanceMinor: 40 } } });
  expect(again.headers.get('Idempotent-Replayed')).toBe('true');
  const [row] = await shop.sql<{ commandId: string; bodyHash: string }[]>`
    select command_id, body_hash from commands where reference = ${reference} and kind = 'apply'`;
  const spending = { customerId: 'C-1', amountMinor: 60, currency: 'EUR', saleId: 'S-1', saleShopId: shop.shopId };
  const step = { kind: 'apply', commandId: row?.commandId ?? '', by: { caller: 'x', shopId: shop.shopId } } as const;
  const ways = { ...shop, asking: createSlots(9), askingSoon: createSlots(9), isGivenUp: () => false };
  const asked = {
    ...step,
    customerId: 'C-1',
    amountMinor: 60,
    currency: 'EUR',
    saleId: 'S-1',
    saleShopId: shop.shopId,
  };
  const [told] = await commandPayments(ways, [{ reference, command: { ...asked, requestHash: row?.bodyHash } }]);
  expect(told).toMatchObject({ outcome: 'accepted', revision: 2 });
  await actor(reference).signal('apply', { commandId: row?.commandId, by: { caller: 'admin-1' }, ...spending });
  expect(await spend(reference, 40, 'new')).toMatchObject({ status: 200, body: { payment: { status: 'used' } } });
  expect(await movementsOf(reference)).toEqual([100, -60, -40]);
});
