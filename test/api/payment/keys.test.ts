import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import type { SaleView } from '../../../domain/sale/sale.js';
import { derivedId } from '../../../domain/payment/command.js';
import { sha256 } from '../../../domain/sha256.js';
import { addShop, aDeposit, openShop, until, type Shop } from '../../support/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ keyPatienceMs: 20_000 });
});
afterAll(() => shop.close());

type Answer = { code?: string; payment: AccountPaymentView; sale: SaleView };
const spending = { customerId: 'C-1', amountMinor: 10, currency: 'EUR', saleId: 'S-1' };
const basket = (reference: string) => ({
  customerId: 'C-1',
  currency: 'EUR',
  lines: [{ productId: 'bike', amountMinor: 10 }],
  payments: [{ reference, amountMinor: 10 }],
});
const send = (path: string, body: object, idempotencyKey: string, headers = {}) =>
  shop.post<Answer>(path, body, { idempotencyKey, headers });
const at = (reference: string, call: string) => `/account-payments/${reference}/${call}`;
const reused = { status: 422, body: { code: 'command_id_reused' } };
const revisionOf = async (reference: string) =>
  (await shop.get<AccountPaymentView>(`/account-payments/${reference}`)).body.revision;

test('a key that was used for one request is refused for every other, and nothing has changed', async () => {
  const [a, b] = [await shop.issue(), await shop.issue()].map(({ reference }) => reference) as [string, string];
  const key = randomUUID();
  expect(await send(at(a, 'apply'), spending, key)).toMatchObject({ status: 200 });
  const others: [string, object, object?][] = [
    [at(b, 'apply'), spending],
    [at(a, 'apply'), { ...spending, amountMinor: 11 }],
    [at(a, 'apply'), { ...spending, amountMinor: 11 }, { Prefer: 'respond-async' }],
    [at(a, 'refund'), spending],
    [at(b, 'cancel'), { customerId: 'C-1', disposition: 'forfeited', reason: 'x' }],
    ['/sales/S-9/settle', basket(b)],
    ['/sales/S-9/return', { currency: 'EUR' }],
    ['/gifts', { reference: b, customerId: 'C-1', toCustomerId: 'C-2', amountMinor: 1, currency: 'EUR' }],
    ['/account-payments', aDeposit],
  ];
  for (const [path, body, headers = {}] of others)
    expect(await send(path, body, key, headers), path).toMatchObject(reused);
  expect([await revisionOf(a), await revisionOf(b)]).toEqual([2, 1]);
  const again = await send(at(a, 'apply'), spending, key);
  expect(again).toMatchObject({ status: 200, body: { payment: { balanceMinor: 9_990 } } });
  expect(again.headers.get('Idempotent-Replayed')).toBe('true');
});

test('one key on two payments at once debits one of them', async () => {
  const [a, b] = [await shop.issue(), await shop.issue()];
  const key = randomUUID();
  // A busy machine may give no answer in time, which is told as such.
  const answered = (reference: string) =>
    until(async () => {
      const reply = await send(at(reference, 'apply'), spending, key);
      return reply.status !== 503 && reply;
    });
  const replies = await Promise.all(Array.from({ length: 20 }, (_, i) => answered((i % 2 ? a : b).reference)));
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200, 422]));
  expect([await revisionOf(a.reference), await revisionOf(b.reference)].sort()).toEqual([1, 2]);
});

test('two sales under one key share no hold, and the second is refused', async () => {
  const { reference } = await shop.issue();
  const key = randomUUID();
  const first = await send('/sales/K-1/hold', basket(reference), key);
  expect(first).toMatchObject({ status: 200 });
  expect(await send('/sales/K-2/hold', basket(reference), key)).toMatchObject(reused);
  expect(await send('/sales/K-1/hold', basket(reference), key)).toMatchObject({
    status: 200,
    body: { sale: { holdId: first.body.sale.holdId } },
  });
});

test('what a sale decided is told, whatever its key was written down for later, its workflow there or gone', async () => {
  const { reference } = await shop.issue();
  const key = randomUUID();
  const settle = () => send('/sales/K-3/settle', basket(reference), key);
  const first = await settle();
  expect(first).toMatchObject({ status: 200 });
  await until(async () => (await shop.sql`select from sale_commands where sale_id = 'K-3'`).length === 1);
  await shop.sql.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    await sql`update request_keys set request_hash = 'of another request' where request_id = ${sha256(`${shop.shopId}\nadmin-1\n${key}`)}`;
  });
  expect(await settle()).toMatchObject({ status: 200, body: { sale: { takenMinor: 10 } } });
  await shop.saleHandle('K-3').terminate('an operator');
  const again = await settle();
  expect(again).toMatchObject({ status: 200, body: { sale: { takenMinor: 10 } } });
  expect(again.headers.get('Idempotent-Replayed')).toBe('true');
});

test('what a sale compares is the request as it was sent: a default that a release changes makes no other request', async () => {
  const { reference } = await shop.issue();
  const key = randomUUID();
  expect(await send('/sales/K-4/hold', basket(reference), key)).toMatchObject({ status: 200 });
  const requestId = sha256(`${shop.shopId}\nadmin-1\n${key}`);
  const [row] = await shop.sql<{ requestHash: string }[]>`
    select request_hash from request_keys where request_id = ${requestId}`;
  const commandId = derivedId(requestId, shop.shopId, 'K-4');
  const message = { ...basket(reference), commandId, by: { caller: 'admin-1' }, requestHash: row?.requestHash };
  const again = await shop.saleHandle('K-4').executeUpdate('hold', { args: [{ ...message, lifetimeMs: 1_234_567 }] });
  expect(again).toMatchObject({ outcome: 'accepted', delivery: 'replayed' });
});

test('tills of one name in two shops never hear of each other, whatever their keys', async () => {
  const elsewhere = await shop.keyOf('till', 'till-1', await addShop(shop.sql));
  const { reference } = await shop.issue();
  const key = randomUUID();
  for (const [till, balanceMinor] of [
    [shop.keys.till, 9_990],
    [elsewhere, 9_980],
  ] as const) {
    const reply = await shop.post<Answer>(at(reference, 'apply'), spending, { key: till, idempotencyKey: key });
    expect(reply).toMatchObject({ status: 200, body: { payment: { balanceMinor } } });
    expect(reply.headers.get('Idempotent-Replayed')).toBeNull();
  }
});

test('what is malformed, unauthorised or forbidden leaves its key free', async () => {
  const { reference } = await shop.issue();
  const key = randomUUID();
  expect(await send(at(reference, 'apply'), { ...spending, amountMinor: 0 }, key)).toMatchObject({ status: 400 });
  expect(await shop.post(at(reference, 'cancel'), {}, { idempotencyKey: key, key: shop.keys.till })).toMatchObject({
    status: 403,
  });
  expect(await send(at(reference, 'apply'), spending, key)).toMatchObject({ status: 200 });
});

test('the registry never overrules a decision: what the payment decided is told, whoever came first in the registry', async () => {
  const { reference } = await shop.issue();
  const key = randomUUID();
  // A registry that is locked gives no answer in its time, and the payment decides without it.
  const locked = await shop.sql.reserve();
  await locked`begin`;
  await locked`lock table request_keys in exclusive mode`;
  expect(await send(at(reference, 'apply'), spending, key)).toMatchObject({ status: 200 });
  await locked`rollback`;
  locked.release();
  await until(async () => (await shop.sql`select from request_keys where reference = ${reference}`).length === 1);
  await shop.sql`alter table request_keys disable trigger all`;
  await shop.sql`update request_keys set request_hash = 'another' where reference = ${reference}`;
  await shop.sql`alter table request_keys enable trigger all`;
  await pause(1_100);
  const again = await send(at(reference, 'apply'), spending, key);
  expect(again).toMatchObject({ status: 200, body: { payment: { balanceMinor: 9_990 } } });
  expect(again.headers.get('Idempotent-Replayed')).toBe('true');
});

test('a refusal after the end is remembered like any other', async () => {
  const { reference } = await shop.issue();
  await send(at(reference, 'expire'), { reason: 'x' }, randomUUID());
  await until(async () => (await shop.client.workflow.getHandle(reference).describe()).status.name === 'COMPLETED');
  const key = randomUUID();
  expect(await send(at(reference, 'apply'), spending, key)).toMatchObject({
    status: 409,
    body: { code: 'payment_expired' },
  });
  const again = await send(at(reference, 'apply'), spending, key);
  expect(again).toMatchObject({ status: 409, body: { code: 'payment_expired' } });
  expect(again.headers.get('Idempotent-Replayed')).toBe('true');
  expect(await send(at(reference, 'apply'), { ...spending, amountMinor: 9 }, key)).toMatchObject(reused);
  const [row] = await shop.sql<{ requestId: string }[]>`
    select request_id from request_keys where reference = ${reference} and outcome_code = 'payment_expired'`;
  expect(await shop.get(at(reference, `commands/${row?.requestId}`))).toMatchObject({
    status: 200,
    body: { outcome: 'refused', code: 'payment_expired', revision: null, recorded: true },
  });
});

test('so is one whose key could not be written down first, for Postgres was slow', async () => {
  const hasty = await openShop({ keyPatienceMs: 0 });
  try {
    const { reference } = await hasty.issue();
    await hasty.post(at(reference, 'expire'), { reason: 'x' });
    await until(async () => (await hasty.client.workflow.getHandle(reference).describe()).status.name === 'COMPLETED');
    const idempotencyKey = randomUUID();
    const first = await hasty.post<Answer>(at(reference, 'apply'), spending, { idempotencyKey });
    expect(first).toMatchObject({ status: 409, body: { code: 'payment_expired' } });
    const again = await hasty.post<Answer>(at(reference, 'apply'), spending, { idempotencyKey });
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    const other = await hasty.post<Answer>(at(reference, 'apply'), { ...spending, amountMinor: 9 }, { idempotencyKey });
    expect(other).toMatchObject(reused);
    const rows = await hasty.sql`select outcome_code from request_keys where outcome_code is not null`;
    expect([...rows]).toEqual([{ outcomeCode: 'payment_expired' }]);
    // What may have been remembered by the time that nobody can tell is not said to have changed nothing.
    await hasty.sql.begin(async (tx) => {
      await tx`lock table request_keys in access exclusive mode`;
      await until(async () => (await hasty.post<Answer>(at(reference, 'apply'), spending)).status === 504);
    });
  } finally {
    await hasty.close();
  }
});

test('a payment that was answered can be read before any worker has run', async () => {
  const lazy = await openShop({ worker: 'none' });
  try {
    const { reference } = await lazy.issue({ notes: 'blue' });
    expect(await lazy.get(`/account-payments/${reference}`)).toMatchObject({
      status: 200,
      body: { reference, balanceMinor: 10_000, status: 'active', notes: 'blue', source: 'reservation' },
    });
  } finally {
    await lazy.close();
  }
});

test('a workflow that was started by hand serves nobody: nothing of it is recorded', async () => {
  const { reference } = await shop.issue();
  const [row] = await shop.sql<
    { issue: object }[]
  >`select issue from issue_reservations where reference = ${reference}`;
  for (const workflowId of ['ACC-20261123-BYHAND00', 'by-hand']) {
    const issue = { ...row?.issue, reference: workflowId === 'by-hand' ? reference : workflowId, amountMinor: 7 };
    const handle = await shop.client.workflow.start('accountPayment', {
      workflowId,
      taskQueue: shop.taskQueue,
      args: [{ origin: 'issued', issue }],
    });
    await until(async () => (await handle.query<AccountPaymentView>('payment')).frozenCauses.includes('conflict'));
    await handle.terminate();
  }
  expect((await shop.sql`select from account_payments where amount_minor = 7`).length).toBe(0);
});
