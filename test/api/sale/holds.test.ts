import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import type { HoldView, ReturnView, SaleView } from '../../../domain/sale/sale.js';
import { beforeItEnds } from '../../support/beforeItEnds.js';
import { openShop, until, type PostOptions, type Shop } from '../../support/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

type Told = { hold: HoldView; return: ReturnView; sale: SaleView; code: string };
type Share = [reference: string, amountMinor: number];

const newSale = () => `S-${randomUUID()}`;
const say = (saleId: string, verb: string, body: object, options?: PostOptions) =>
  shop.post<Told>(`/sales/${saleId}/${verb}`, { customerId: 'C-1', ...body }, { key: shop.keys.till, ...options });
const shares = (payments: Share[]) => payments.map(([reference, amountMinor]) => ({ reference, amountMinor }));
const basket = (payments: Share[], more: object = {}) => ({
  customerId: 'C-1',
  currency: 'EUR',
  lines: [{ productId: 'bike', amountMinor: 1_000 }],
  payments: shares(payments),
  ...more,
});
const hold = (saleId: string, payments: Share[], more: object = {}, options?: PostOptions) =>
  say(saleId, 'hold', basket(payments, more), options);
const issue = async (amountMinor: number, more: object = {}) => (await shop.issue({ amountMinor, ...more })).reference;
const payment = async (reference: string) =>
  (await shop.get<AccountPaymentView>(`/account-payments/${reference}`)).body;
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

async function holdIdOf(saleId: string, payments: Share[], more: object = {}): Promise<string> {
  const reply = await hold(saleId, payments, more);
  expect(reply).toMatchObject({ status: 200, body: { hold: { status: 'held' } } });
  return reply.body.hold.holdId;
}

/** Lets go of what a sale holds on one payment, past the sale. */
async function letGoOf(reference: string): Promise<void> {
  const [row] = await shop.sql<{ commandId: string }[]>`
    select command_id from commands where reference = ${reference} and kind = 'hold' order by revision limit 1`;
  await shop.tell(reference, 'release', { commandId: randomUUID(), holdId: row?.commandId });
}

test('a capture or release names its hold', async () => {
  const saleId = newSale();
  await hold(saleId, [[await issue(100), 100]]);
  for (const verb of ['capture', 'release']) {
    expect(await say(saleId, verb, {})).toMatchObject({ status: 400, body: { code: 'missing_field' } });
    expect(await say(saleId, verb, { holdId: 'unknown' })).toMatchObject({
      status: 404,
      body: { code: 'hold_not_found', sale: { status: 'held' } },
    });
  }
});

test('an edited basket takes the place of the one that is held, in one step', async () => {
  const [p, q] = [await issue(300), await issue(150)];
  const saleId = newSale();
  const first = await holdIdOf(saleId, [[p, 300]]);
  const second = await holdIdOf(
    saleId,
    [
      [p, 200],
      [q, 150],
    ],
    { replaces: first },
  );
  expect(second).not.toBe(first);
  expect(await payment(p)).toMatchObject({ balanceMinor: 300, heldMinor: 200, availableMinor: 100 });
  expect(await payment(q)).toMatchObject({ heldMinor: 150, availableMinor: 0 });
  for (const [verb, body] of [
    ['capture', { holdId: first }],
    ['hold', basket([[p, 1]], { replaces: first })],
  ] as const)
    expect(await say(saleId, verb, body)).toMatchObject({
      status: 409,
      body: { code: 'hold_closed', sale: { status: 'held', holdId: second, heldMinor: 350 } },
    });
  expect(await hold(saleId, [[p, 1]])).toMatchObject({ status: 409, body: { code: 'sale_exists' } });
  expect(await hold(saleId, [[p, 1]], { replaces: 'unknown' })).toMatchObject({ body: { code: 'hold_not_found' } });
  const third = await holdIdOf(saleId, [[q, 150]], { replaces: second });
  expect(await payment(p)).toMatchObject({ heldMinor: 0, availableMinor: 300 });
  expect(await say(saleId, 'capture', { holdId: third })).toMatchObject({
    status: 200,
    body: { sale: { status: 'completed', takenMinor: 150, leftToPayMinor: 850 } },
  });
});

test('what a hold has already counts when it grows; another customer hears nothing of it', async () => {
  const p = await issue(300);
  const saleId = newSale();
  const first = await holdIdOf(saleId, [[p, 200]]);
  expect(await hold(saleId, [[p, 301]], { replaces: first })).toMatchObject({
    status: 409,
    body: {
      code: 'insufficient_balance',
      payments: [{ reference: p, availableMinor: 300 }],
      sale: { holdId: first, heldMinor: 200 },
    },
  });
  expect(await payment(p)).toMatchObject({ heldMinor: 200 });
  const stranger = await hold(saleId, [[p, 1]], { replaces: first, customerId: 'C-2' });
  expect(stranger).toMatchObject({ status: 404, body: { code: 'sale_not_found' } });
  expect(stranger.body.sale).toBeUndefined();
  await holdIdOf(saleId, [[p, 300]], { replaces: first });
  expect(await payment(p)).toMatchObject({ heldMinor: 300 });
});

test('two tills that replace the same hold: one does', async () => {
  const p = await issue(300);
  const saleId = newSale();
  const first = await holdIdOf(saleId, [[p, 200]]);
  const both = await Promise.all(
    [100, 300].map((amountMinor) => hold(saleId, [[p, amountMinor]], { replaces: first })),
  );
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect(both.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'hold_closed' });
});

test('a hold shrinks on a payment that takes nothing new', async () => {
  const p = await issue(300);
  const saleId = newSale();
  const first = await holdIdOf(saleId, [[p, 200]]);
  await shop.post(`/account-payments/${p}/freeze`, { cause: 'staff', reason: 'reported stolen' });
  expect(await hold(saleId, [[p, 201]], { replaces: first })).toMatchObject({ body: { code: 'payment_frozen' } });
  const second = await holdIdOf(saleId, [[p, 100]], { replaces: first });
  expect(await payment(p)).toMatchObject({ heldMinor: 100 });
  expect(await say(saleId, 'release', { holdId: second })).toMatchObject({ status: 200 });
});

test('a repeat of a hold tells what has become of that hold, and not of a later one', async () => {
  const p = await issue(300);
  const saleId = newSale();
  const repeated = () => hold(saleId, [[p, 100]], {}, { idempotencyKey: saleId });
  const first = (await repeated()).body.hold.holdId;
  const isNow = async (status: HoldView['status']) => {
    const reply = await repeated();
    expect(reply).toMatchObject({ status: 200, body: { hold: { holdId: first, status } } });
    expect(reply.headers.get('Idempotent-Replayed')).toBe('true');
  };
  await isNow('held');
  await say(saleId, 'release', { holdId: first });
  await isNow('released');
  const [short, again] = await beforeItEnds(async ({ lifetimeMs }) => {
    await until(async () => (await payment(p)).heldMinor === 0);
    const options = { idempotencyKey: randomUUID() };
    const reply = await hold(saleId, [[p, 200]], { lifetimeMs }, options);
    expect(reply).toMatchObject({ status: 200 });
    return [reply, () => hold(saleId, [[p, 200]], { lifetimeMs }, options)] as const;
  }, 500);
  await isNow('released');
  await until(async () => (await payment(p)).heldMinor === 0);
  const second = await holdIdOf(saleId, [[p, 30]]);
  expect((await again()).body).toMatchObject({
    hold: { holdId: short.body.hold.holdId, status: 'lapsed' },
    sale: { holdId: second, heldMinor: 30 },
  });
  await isNow('released');
});

test('what a capture leaves held waits for the next delivery', async () => {
  const [p, q] = [await issue(100), await issue(50)];
  const saleId = newSale();
  const holdId = await holdIdOf(saleId, [
    [p, 100],
    [q, 50],
  ]);
  const deliver = (payments: Share[], more: object = {}) =>
    say(saleId, 'capture', { holdId, payments: shares(payments), ...more });
  for (const days of [-1, 61])
    expect(await deliver([[p, 60]], { keepRest: true, heldUntil: inDays(days) })).toMatchObject({
      status: 400,
      body: { code: 'invalid_lifetime' },
    });
  const heldUntil = inDays(30);
  expect(await deliver([[p, 60]], { keepRest: true, heldUntil })).toMatchObject({
    status: 200,
    body: { sale: { status: 'held', takenMinor: 60, heldMinor: 90, leftToPayMinor: 850, holdExpiresAt: heldUntil } },
  });
  expect(await payment(p)).toMatchObject({ balanceMinor: 40, heldMinor: 40 });
  expect(await payment(q)).toMatchObject({ balanceMinor: 50, heldMinor: 50 });
  const back = { currency: 'EUR' };
  expect(await say(saleId, 'return', back)).toMatchObject({ status: 200, body: { return: { amountMinor: 60 } } });
  expect(await payment(p)).toMatchObject({ balanceMinor: 100, heldMinor: 40, availableMinor: 60 });
  expect(await deliver([[p, 40]], { keepRest: true, heldUntil })).toMatchObject({ body: { sale: { heldMinor: 50 } } });
  expect(await deliver([[q, 20]])).toMatchObject({
    status: 200,
    body: { sale: { status: 'completed', takenMinor: 120, givenBackMinor: 60, heldMinor: 0, missingMinor: 0 } },
  });
  expect(await payment(q)).toMatchObject({ balanceMinor: 30, heldMinor: 0 });
  expect(await say(saleId, 'return', back)).toMatchObject({ status: 200, body: { return: { amountMinor: 60 } } });
});

test('a rest that is gone at the second delivery is missing, and the first delivery stays paid', async () => {
  const p = await issue(100);
  const saleId = newSale();
  const holdId = await holdIdOf(saleId, [[p, 100]]);
  const first = { holdId, payments: shares([[p, 60]]), keepRest: true, heldUntil: inDays(30) };
  expect(await say(saleId, 'capture', first)).toMatchObject({ status: 200 });
  await letGoOf(p);
  const elsewhere = { customerId: 'C-1', amountMinor: 40, currency: 'EUR', saleId: newSale() };
  expect(await shop.post(`/account-payments/${p}/apply`, elsewhere)).toMatchObject({ status: 200 });
  expect(await say(saleId, 'capture', { holdId })).toMatchObject({
    status: 200,
    body: { sale: { status: 'completed', takenMinor: 60, missingMinor: 40, givenBackMinor: 0 } },
  });
});

test('a rest that is let go leaves the sale completed with what was delivered', async () => {
  const p = await issue(100);
  const saleId = newSale();
  const holdId = await holdIdOf(saleId, [[p, 100]]);
  const first = { holdId, payments: shares([[p, 60]]), keepRest: true, heldUntil: inDays(1) };
  expect(await say(saleId, 'capture', first)).toMatchObject({ status: 200 });
  expect(await say(saleId, 'release', { holdId })).toMatchObject({
    status: 200,
    body: { sale: { status: 'completed', takenMinor: 60, heldMinor: 0 } },
  });
  expect(await payment(p)).toMatchObject({ balanceMinor: 40, heldMinor: 0 });
  expect(await hold(saleId, [[p, 10]])).toMatchObject({ status: 409, body: { code: 'sale_exists' } });
});

test('a repeat of a capture that left something held hears its first answer after that time has passed', async () => {
  const { p, saleId, first, again } = await beforeItEnds(async ({ expiresAt: heldUntil }) => {
    const [reference, id] = [await issue(100), newSale()];
    const holdId = await holdIdOf(id, [[reference, 100]]);
    const capture = { holdId, payments: shares([[reference, 60]]), keepRest: true, heldUntil };
    const send = () => say(id, 'capture', capture, { idempotencyKey: id });
    expect(await send()).toMatchObject({ status: 200, body: { sale: { takenMinor: 60 } } });
    return { p: reference, saleId: id, first: capture, again: send };
  });
  await until(async () => (await payment(p)).heldMinor === 0);
  const repeat = await again();
  expect(repeat).toMatchObject({ status: 200, body: { sale: { status: 'completed', takenMinor: 60 } } });
  expect(repeat.headers.get('Idempotent-Replayed')).toBe('true');
  expect(await say(saleId, 'capture', first)).toMatchObject({ status: 400, body: { code: 'invalid_lifetime' } });
});
