import { randomUUID } from 'node:crypto';
import proto from '@temporalio/proto';
import { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createActivities } from '../../../activities/createActivities.js';
import { requestGift, type GiftRow } from '../../../db/gift/gifts.js';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import { derivedId } from '../../../domain/payment/command.js';
import type { GiftOutcome } from '../../../domain/gift/gift.js';
import { beforeItEnds } from '../../support/beforeItEnds.js';
import { openShop, until, type PostOptions, type Shop } from '../../support/shop.js';
import { connectWorker } from '../../../worker/connect.js';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

type Told = { gift: GiftRow; recorded: boolean; code: string; payment: AccountPaymentView };
const give = (reference: string, amountMinor: number, more: object = {}, options?: PostOptions) =>
  shop.post<Told>(
    '/gifts',
    { reference, customerId: 'C-1', toCustomerId: 'C-2', amountMinor, currency: 'EUR', ...more },
    { key: shop.keys.manager, ...options },
  );
const payment = async (reference: string) =>
  (await shop.get<AccountPaymentView>(`/account-payments/${reference}`)).body;
const movements = async (reference: string) =>
  (await shop.get<{ items: object[] }>(`/account-payments/${reference}/movements`)).body.items;

test('a part is given: type, product and expiry go with it, both movements name each other, the message is kept', async () => {
  const { reference, expiresAt } = await shop.issue({
    type: 'product_specific',
    productId: 'bike',
    expiresAt: '2040-01-01',
  });
  const given = await give(reference, 2_500, { message: 'Happy birthday, Bea!', staffId: 'anna' });
  expect(given).toMatchObject({
    status: 201,
    body: {
      recorded: true,
      gift: {
        status: 'completed',
        message: 'Happy birthday, Bea!',
        requestedBy: { caller: 'manager-1', staffId: 'anna' },
      },
    },
  });
  const { giftId, toReference } = given.body.gift;
  expect(given.headers.get('Location')).toBe(`/v1/gifts/${giftId}`);
  expect(await payment(toReference ?? '')).toMatchObject({
    ...{
      customerId: 'C-2',
      type: 'product_specific',
      productId: 'bike',
      expiresAt,
      purpose: 'deposit',
      funding: 'gift',
      sourceFunding: 'paid',
      givenFrom: reference,
      amountMinor: 2_500,
      status: 'active',
      giftId,
    },
  });
  expect(await payment(reference)).toMatchObject({ balanceMinor: 7_500, heldMinor: 0, status: 'active' });
  expect(await movements(reference)).toMatchObject([
    { kind: 'issued' },
    { kind: 'gifted', amountMinor: -2_500, counterpart: toReference, saleId: null },
  ]);
  expect(await movements(toReference ?? '')).toMatchObject([
    { kind: 'issued', amountMinor: 2_500, counterpart: reference },
  ]);
  expect(await shop.get(`/gifts/${giftId}`)).toMatchObject({
    status: 200,
    body: { gift: { message: 'Happy birthday, Bea!', toReference } },
  });
  expect(await shop.get(`/gifts/${giftId}`, { key: shop.keys.till }), 'no words for a till').toMatchObject({
    body: { gift: { message: null, toReference } },
  });
  const history = await shop.client.workflow.getHandle(`gift/${giftId}`).fetchHistory();
  const bytes = Buffer.from(proto.temporal.api.history.v1.History.encode(history).finish());
  expect([bytes.includes(reference), bytes.includes('birthday')], 'what people write goes into no workflow').toEqual([
    true,
    false,
  ]);
});

test('all of it is given: the giver has used it up; and a repeat is the same gift', async () => {
  const { reference } = await shop.issue();
  const idempotencyKey = randomUUID();
  const copies = await Promise.all(Array.from({ length: 4 }, () => give(reference, 10_000, {}, { idempotencyKey })));
  for (const copy of copies)
    expect(copy).toMatchObject({ status: 201, body: { gift: { toReference: copies[0]?.body.gift.toReference } } });
  const later = await give(reference, 10_000, {}, { idempotencyKey });
  expect(later).toMatchObject({ status: 201, body: copies[0]?.body as object });
  expect(later.headers.get('Idempotent-Replayed')).toBe('true');
  expect(await give(reference, 9_999, {}, { idempotencyKey })).toMatchObject({
    status: 422,
    body: { code: 'command_id_reused' },
  });
  expect(await payment(reference)).toMatchObject({ status: 'used', balanceMinor: 0 });
  const [count] = await shop.sql<{ count: number }[]>`select count(*) from movements where counterpart = ${reference}`;
  expect(count?.count).toBe(1);
});

test('held money cannot be given away, nor more than there is, nor what is another’s or has ended; nothing has moved', async () => {
  const { reference } = await shop.issue();
  const lines = [{ productId: 'bike', amountMinor: 9_000 }];
  await shop.post('/sales/S-held/hold', {
    customerId: 'C-1',
    currency: 'EUR',
    lines,
    payments: [{ reference, amountMinor: 9_000 }],
  });
  const refused = await give(reference, 1_001);
  expect(refused).toMatchObject({
    status: 409,
    body: { code: 'insufficient_balance', payment: { availableMinor: 1_000, heldMinor: 9_000 } },
  });
  expect(await give(reference, 1, { customerId: 'C-3' })).toMatchObject({
    status: 404,
    body: { code: 'payment_not_found' },
  });
  expect((await give(reference, 1, { customerId: 'C-3' })).body.payment).toBeUndefined();
  expect(await give(reference, 1, { currency: 'USD' })).toMatchObject({
    status: 422,
    body: { code: 'currency_mismatch' },
  });
  expect(await give('ACC-20200101-00000000', 1)).toMatchObject({ status: 404, body: { code: 'payment_not_found' } });
  expect(await give('nonsense', 1)).toMatchObject({ status: 400, body: { code: 'invalid_id' } });
  const { reference: ended } = await shop.issue();
  await shop.post(`/account-payments/${ended}/cancel`, {
    customerId: 'C-1',
    disposition: 'paid_out',
    tender: 'cash',
    reason: 'x',
  });
  expect(await give(ended, 1)).toMatchObject({ status: 409, body: { code: 'payment_cancelled' } });
  expect(await movements(reference)).toHaveLength(1);
  expect(await give(reference, 1_000)).toMatchObject({ status: 201 });
  expect(await shop.sql`select * from gifts where status = 'pending'`).toEqual([]);
});

test('a refused gift stays refused under its key', async () => {
  const { reference } = await shop.issue();
  const idempotencyKey = randomUUID();
  const basket = {
    customerId: 'C-1',
    currency: 'EUR',
    lines: [{ productId: 'x', amountMinor: 10_000 }],
    payments: [{ reference, amountMinor: 10_000 }],
  };
  const held = await shop.post<{ hold: { holdId: string } }>('/sales/S-busy/hold', basket);
  expect(await give(reference, 100, {}, { idempotencyKey })).toMatchObject({
    status: 409,
    body: { code: 'insufficient_balance' },
  });
  await shop.post('/sales/S-busy/release', { holdId: held.body.hold.holdId });
  const again = await give(reference, 100, {}, { idempotencyKey });
  expect(again).toMatchObject({ status: 409, body: { code: 'insufficient_balance' } });
  expect(again.headers.get('Idempotent-Replayed')).toBe('true');
});

test('a gift is a manager’s call', async () => {
  const { reference } = await shop.issue();
  expect(await give(reference, 1, {}, { key: shop.keys.till })).toMatchObject({ status: 403 });
  expect(await shop.get('/gifts/nobody')).toMatchObject({ status: 404, body: { code: 'gift_not_found' } });
});

/** The hold is placed as the gift will place it; the gift comes when the payment's time is over. */
async function heldForGift(reference: string) {
  const gift = {
    giftId: randomUUID(),
    by: { caller: 'm', shopId: 'main' },
    reference,
    customerId: 'C-1',
    toCustomerId: 'C-2',
    amountMinor: 100,
    currency: 'EUR',
  };
  const asked = { ...gift, message: null, bodyHash: 'x', requestedAt: new Date().toISOString() };
  await requestGift(shop.sql, asked);
  const hold = {
    commandId: derivedId('gift', gift.giftId, 'hold'),
    by: gift.by,
    parent: { kind: 'gift', id: gift.giftId, commandId: gift.giftId },
    giftId: gift.giftId,
    customerId: 'C-1',
    amountMinor: 100,
    currency: 'EUR',
    lifetimeMs: 604_800_000,
  };
  expect(await shop.tell(reference, 'hold', hold)).toMatchObject({ outcome: 'accepted' });
  return gift;
}

test('if it runs out before it is issued anew, the gift is refused and nothing has moved', async () => {
  const gift = await beforeItEnds(async ({ expiresAt }) => heldForGift((await shop.issue({ expiresAt })).reference));
  const { reference } = gift;
  await until(async () => (await payment(reference)).availableMinor === 0);
  const outcome: GiftOutcome = await shop.actors.give(gift);
  expect(outcome).toEqual({ outcome: 'refused', code: 'payment_expired' });
  await until(async () => (await payment(reference)).status === 'expired');
  expect(await movements(reference)).toMatchObject([{ kind: 'issued' }, { kind: 'expired', amountMinor: -10_000 }]);
  expect(await shop.sql`select * from account_payments where gift_id = ${gift.giftId}`).toEqual([]);
});

/** A gift in whose middle, after the issue, somebody lets go of the money that is to be given. */
async function giftThatLosesItsSource(andThen: (issued: string) => Promise<unknown>) {
  const own = await openShop({ worker: 'none', patience: 'ample' });
  const native = await connectWorker({ address: inject('temporalAddress') });
  const activities = createActivities({
    sql: own.sql,
    client: new Client({ connection: native }),
  });
  const gift = {
    giftId: randomUUID(),
    by: { caller: 'm', shopId: 'main' },
    reference: '',
    customerId: 'C-1',
    toCustomerId: 'C-2',
    amountMinor: 100,
    currency: 'EUR',
  };
  const issue = async (issuing: Parameters<typeof activities.issue>[0]) => {
    const issued = await activities.issue(issuing);
    if ('code' in issued) return issued;
    const release = { commandId: 'op-1', by: { caller: 'operator' }, holdId: derivedId('gift', gift.giftId, 'hold') };
    await own.actors.command(gift.reference, 'release', release);
    await andThen(issued.reference);
    return issued;
  };
  const workflowBundle = { codePath: inject('bundlePath') };
  const worker = await Worker.create({
    connection: native,
    taskQueue: own.taskQueue,
    workflowBundle,
    activities: { ...activities, issue },
  });
  const done = worker.run();
  const close = async () => {
    worker.shutdown();
    await done;
    await native.close();
    await own.close();
  };
  gift.reference = (await own.issue()).reference;
  await requestGift(own.sql, { ...gift, message: null, bodyHash: 'x', requestedAt: new Date().toISOString() });
  return { own, gift, close };
}

/** A gift's refusal is told when the payments have decided, which the books hear of after it. */
async function untilTakenBack({ sql }: Shop, giftId: string): Promise<void> {
  const issued = await until(async () => {
    const [row] = await sql`select status, ended_balance_minor from account_payments where gift_id = ${giftId}`;
    return row?.['status'] !== 'active' && row;
  });
  expect(issued).toEqual({ status: 'cancelled', endedBalanceMinor: 100 });
}

test('should the money be gone between issue and capture, what was issued is cancelled', async () => {
  const { own, gift, close } = await giftThatLosesItsSource(() => Promise.resolve());
  try {
    expect(await own.actors.give(gift)).toEqual({ outcome: 'refused', code: 'hold_closed' });
    await untilTakenBack(own, gift.giftId);
    expect(await own.actors.payment(gift.reference)).toMatchObject({ balanceMinor: 10_000, heldMinor: 0 });
  } finally {
    await close();
  }
});

test("nothing of a gift can be spent before it is the other customer's, so one that is refused has moved nothing", async () => {
  const told: unknown[] = [];
  const { own, gift, close } = await giftThatLosesItsSource(async (issued) => {
    const spending = { customerId: 'C-2', amountMinor: 60, currency: 'EUR', saleId: 'S' };
    const spend = () => own.post<{ code: string }>(`/account-payments/${issued}/apply`, spending);
    const reply = await until(async () => {
      const each = await spend();
      return each.body.code !== 'issue_not_recorded' && each;
    });
    told.push([reply.status, reply.body.code]);
  });
  try {
    expect(await own.actors.give(gift)).toEqual({ outcome: 'refused', code: 'hold_closed' });
    expect(told).toEqual([[409, 'payment_frozen']]);
    await untilTakenBack(own, gift.giftId);
    expect(await own.actors.payment(gift.reference)).toMatchObject({ balanceMinor: 10_000, heldMinor: 0 });
  } finally {
    await close();
  }
});

test('whoever asks for all their data hears of no payment of another, and not who gave them something', async () => {
  const { reference } = await shop.issue({ customerId: 'C-GIVER', validThrough: '2040-01-01' });
  const given = await give(reference, 2_500, { customerId: 'C-GIVER', toCustomerId: 'C-GIVEN' });
  expect(given.status, JSON.stringify(given.body)).toBe(201);
  const toReference = given.body.gift.toReference ?? '';
  const dataOf = (customerId: string) =>
    shop.get<Record<string, { reference: string; [name: string]: unknown }[]>>(`/customers/${customerId}/data`);
  const received = await until(async () => {
    const { body } = await dataOf('C-GIVEN');
    return (body['commands'] ?? []).length > 0 && body;
  });
  const theirs = JSON.stringify(received);
  expect([theirs.includes(toReference), theirs.includes(reference), theirs.includes('C-GIVER')]).toEqual([
    true,
    false,
    false,
  ]);
  expect(received).toMatchObject({
    payments: [{ reference: toReference, givenFrom: null, validThrough: '2040-01-01' }],
    movements: [{ kind: 'issued', counterpart: null }],
    gifts: [{ giftId: given.body.gift.giftId, reference: null, customerId: null, toCustomerId: 'C-GIVEN' }],
  });
  const kept = await until(async () => {
    const { body } = await dataOf('C-GIVER');
    return body['movements']?.length === 2 && body;
  });
  expect(JSON.stringify(kept).includes(toReference)).toBe(false);
  expect(kept).toMatchObject({ gifts: [{ reference, customerId: 'C-GIVER', toCustomerId: 'C-GIVEN' }] });
});
