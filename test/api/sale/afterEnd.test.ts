import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import type { HoldView, ReturnView, SaleView } from '../../../domain/sale/sale.js';
import { beforeItEnds } from '../../support/beforeItEnds.js';
import { openShop, until, type PostOptions, type Shop } from '../../support/shop.js';

/** What happens once a sale's payments have done what they were asked, before the sale hears it, once. */
let meanwhile: (() => Promise<unknown>) | undefined;

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({
    around: (activities) => ({
      ...activities,
      command: async (asked, lines) => {
        const happens = asked.some(({ command: { kind } }) => kind === 'capture' || kind === 'refund')
          ? meanwhile
          : undefined;
        if (happens) meanwhile = undefined;
        const answers = await activities.command(asked, lines);
        await happens?.();
        return answers;
      },
      complete: async (completing) => {
        const completed = await activities.complete(completing);
        const happens = meanwhile;
        meanwhile = undefined;
        await happens?.();
        return completed;
      },
    }),
  });
});
afterAll(() => shop.close());

type Told = { hold: HoldView; return: ReturnView; sale: SaleView; code: string };
type Share = [reference: string, amountMinor: number];

const newSale = () => `S-${randomUUID()}`;
const say = (saleId: string, verb: string, body: object, options?: PostOptions) =>
  shop.post<Told>(`/sales/${saleId}/${verb}`, { customerId: 'C-1', ...body }, { key: shop.keys.till, ...options });
const basket = (payments: Share[], more: object = {}) => ({
  customerId: 'C-1',
  currency: 'EUR',
  lines: [{ productId: 'bike', amountMinor: 1_000 }],
  payments: payments.map(([reference, amountMinor]) => ({ reference, amountMinor })),
  ...more,
});
const issue = async (amountMinor: number, more: object = {}) => (await shop.issue({ amountMinor, ...more })).reference;
const payment = async (reference: string) =>
  (await shop.get<AccountPaymentView>(`/account-payments/${reference}`)).body;
const read = async (saleId: string) => (await shop.get<{ sale: SaleView }>(`/sales/${saleId}`)).body.sale;
const refund = (reference: string, saleId: string, amountMinor: number) =>
  shop.post(`/account-payments/${reference}/refund`, { customerId: 'C-1', currency: 'EUR', amountMinor, saleId });

async function held(saleId: string, payments: Share[], more: object = {}, options?: PostOptions): Promise<string> {
  const reply = await say(saleId, 'hold', basket(payments, more), options);
  expect(reply).toMatchObject({ status: 200 });
  return reply.body.hold.holdId;
}

/** Somebody terminates a sale's workflow, once the books have so many of its answers. */
async function terminate(saleId: string, answers: number): Promise<void> {
  await until(async () => (await shop.sql`select from sale_commands where sale_id = ${saleId}`).length === answers);
  await shop.saleHandle(saleId).terminate('an operator');
}

test('a hold whose sale was terminated can be released, captured and replaced, and is told as what it is', async () => {
  const p = await issue(300);
  const [released, captured, replaced] = [newSale(), newSale(), newSale()];
  const options = { idempotencyKey: captured };
  const holds = await Promise.all([
    held(released, [[p, 100]]),
    held(captured, [[p, 100]], {}, options),
    held(replaced, [[p, 100]]),
  ]);
  for (const saleId of [released, captured, replaced]) await terminate(saleId, 1);
  expect(await read(released)).toMatchObject({ status: 'held', heldMinor: 100, holdId: holds[0] });
  expect(await say(released, 'release', { holdId: holds[0] }, { key: shop.keys.manager })).toMatchObject({
    status: 200,
    body: { sale: { status: 'released', heldMinor: 0 } },
  });
  const again = () => say(captured, 'hold', basket([[p, 100]]), options);
  expect(await again()).toMatchObject({ body: { hold: { holdId: holds[1], status: 'held' } } });
  expect(await say(captured, 'capture', { holdId: holds[1] })).toMatchObject({
    status: 200,
    body: { sale: { status: 'completed', takenMinor: 100 } },
  });
  await terminate(captured, 2);
  expect(await again()).toMatchObject({ status: 200, body: { hold: { holdId: holds[1], status: 'captured' } } });
  expect(await say(replaced, 'hold', basket([[p, 150]], { replaces: holds[2] }))).toMatchObject({
    status: 200,
    body: { sale: { status: 'held', heldMinor: 150 } },
  });
  expect(await payment(p)).toMatchObject({ balanceMinor: 200, heldMinor: 150 });
});

test('captures, releases and their repeats get the first answer after the workflow has gone', async () => {
  const p = await issue(300);
  for (const verb of ['capture', 'release']) {
    const saleId = newSale();
    const holdId = await held(saleId, [[p, 100]]);
    const asked = () => say(saleId, verb, { holdId }, { idempotencyKey: saleId });
    const first = await asked();
    await terminate(saleId, 2);
    const repeat = await asked();
    expect(repeat).toMatchObject({ status: 200, body: { sale: { status: first.body.sale.status } } });
    expect(repeat.headers.get('Idempotent-Replayed')).toBe('true');
    expect(await say(saleId, verb, { holdId })).toMatchObject({ status: 409, body: { code: 'hold_closed' } });
  }
  expect(await payment(p)).toMatchObject({ balanceMinor: 200, heldMinor: 0 });
});

test('a settlement that was terminated half-way goes on under its own key, and is charged once', async () => {
  const [p, q] = [await issue(100), await issue(100)];
  const saleId = newSale();
  const shares: Share[] = [
    [p, 60],
    [q, 70],
  ];
  const settle = () => say(saleId, 'settle', basket(shares), { idempotencyKey: saleId });
  meanwhile = () => shop.saleHandle(saleId).terminate('an operator');
  const interrupted = await settle();
  expect([200, 504]).toContain(interrupted.status);
  expect(await settle()).toMatchObject({ status: 200, body: { sale: { status: 'completed', takenMinor: 130 } } });
  expect(await payment(p)).toMatchObject({ balanceMinor: 40, heldMinor: 0 });
  expect(await payment(q)).toMatchObject({ balanceMinor: 30, heldMinor: 0 });
  expect(await say(saleId, 'settle', basket(shares))).toMatchObject({ status: 409, body: { code: 'sale_exists' } });
});

test('what a terminated capture has taken is not taken again under another key', async () => {
  const [p, q] = [await issue(200), await issue(200)];
  const saleId = newSale();
  const holdId = await held(saleId, [
    [p, 60],
    [q, 70],
  ]);
  await until(async () => (await shop.sql`select from sale_commands where sale_id = ${saleId}`).length === 1);
  meanwhile = () => shop.saleHandle(saleId).terminate('an operator');
  await say(saleId, 'capture', { holdId });
  expect(meanwhile).toBeUndefined();
  expect(await say(saleId, 'capture', { holdId })).toMatchObject({ status: 409, body: { code: 'hold_closed' } });
  expect(await read(saleId)).toMatchObject({ status: 'completed', takenMinor: 130, heldMinor: 0 });
  expect(await payment(p)).toMatchObject({ balanceMinor: 140, heldMinor: 0 });
  expect(await payment(q)).toMatchObject({ balanceMinor: 130, heldMinor: 0 });
});

test('a return that was terminated half-way goes on as it was planned, under its own key', async () => {
  const [p, q] = [await issue(100), await issue(100)];
  const saleId = newSale();
  const shares: Share[] = [
    [p, 100],
    [q, 30],
  ];
  expect(await say(saleId, 'settle', basket(shares))).toMatchObject({ status: 200 });
  const giveBack = (more: object, key: string) =>
    say(saleId, 'return', { currency: 'EUR', ...more }, { idempotencyKey: saleId + key });
  meanwhile = () => shop.saleHandle(saleId).terminate('an operator');
  await giveBack({ amountMinor: 30 }, 'k');
  expect(meanwhile).toBeUndefined();
  for (const _ of [1, 2])
    expect(await giveBack({ amountMinor: 30 }, 'k')).toMatchObject({
      status: 200,
      body: { return: { amountMinor: 30, returned: [{ reference: q, amountMinor: 30 }], notReturned: [] } },
    });
  expect(await payment(p)).toMatchObject({ balanceMinor: 0 });
  expect(await payment(q)).toMatchObject({ balanceMinor: 100 });
  expect(await giveBack({}, 'everything')).toMatchObject({ status: 200, body: { return: { amountMinor: 100 } } });
  await expect(shop.sql`update sale_plans set body_hash = 'x'`).rejects.toThrow();
});

test('how much a sale took and got back its payments say, whoever asked them', async () => {
  const [p, q] = [await issue(100), await issue(100, { expiresAt: '2040-01-01' })];
  const saleId = newSale();
  const shares: Share[] = [
    [p, 60],
    [q, 70],
  ];
  expect(await say(saleId, 'settle', basket(shares))).toMatchObject({ status: 200 });
  await refund(p, saleId, 30);
  expect(await read(saleId)).toMatchObject({ takenMinor: 130, givenBackMinor: 30, keptMinor: 0 });
  await shop.post(`/account-payments/${q}/expire`, { reason: 'agreed' });
  const back = { currency: 'EUR', payments: [{ reference: q, amountMinor: 20 }], keptMinor: 5 };
  expect(await say(saleId, 'return', back)).toMatchObject({ status: 200 });
  const now = { takenMinor: 130, givenBackMinor: 50, keptMinor: 5, missingMinor: 0, status: 'completed' };
  expect(await read(saleId)).toMatchObject(now);
  await terminate(saleId, 2);
  await refund(p, saleId, 1);
  expect(await read(saleId)).toMatchObject({
    ...now,
    givenBackMinor: 51,
    returns: [{ amountMinor: 20, keptMinor: 5 }],
  });
});

test('what is missing of a sale is told after its workflow has gone', async () => {
  const [p, q] = [await issue(100), await issue(100)];
  const saleId = newSale();
  const holdId = await held(saleId, [
    [p, 100],
    [q, 100],
  ]);
  const [row] = await shop.sql<{ commandId: string }[]>`
    select command_id from commands where reference = ${q} and kind = 'hold'`;
  await shop.tell(q, 'release', { commandId: randomUUID(), holdId: row?.commandId });
  const elsewhere = { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: newSale() };
  await shop.post(`/account-payments/${q}/apply`, elsewhere);
  expect(await say(saleId, 'capture', { holdId })).toMatchObject({
    status: 200,
    body: { sale: { missingMinor: 100 } },
  });
  await terminate(saleId, 2);
  expect(await read(saleId)).toMatchObject({ status: 'completed', takenMinor: 100, missingMinor: 100 });
});

test('a hold that lapsed is told as lapsed after its sale has gone', async () => {
  const { p, saleId, lifetimeMs, holdId } = await beforeItEnds(async ({ lifetimeMs: ms }) => {
    const [reference, id] = [await issue(100), newSale()];
    const hold = await held(id, [[reference, 100]], { lifetimeMs: ms }, { idempotencyKey: id });
    return { p: reference, saleId: id, lifetimeMs: ms, holdId: hold };
  }, 1_000);
  const options = { idempotencyKey: saleId };
  await until(async () => (await payment(p)).heldMinor === 0);
  await terminate(saleId, 2);
  expect(await say(saleId, 'hold', basket([[p, 100]], { lifetimeMs }), options)).toMatchObject({
    status: 200,
    body: { hold: { holdId, status: 'lapsed' }, sale: { heldMinor: 0 } },
  });
  expect(await say(saleId, 'capture', { holdId })).toMatchObject({ status: 409, body: { code: 'hold_expired' } });
});

test('a sale that has ended by itself answers repeats, tells what it was, and ends again', async () => {
  const short = await openShop({ returnPeriodMs: 500 });
  try {
    const { reference } = await short.issue({ amountMinor: 100 });
    const saleId = newSale();
    const ask = (verb: string, body: object, key = verb) =>
      short.post<Told>(`/sales/${saleId}/${verb}`, body, { idempotencyKey: `${saleId}${key}` });
    const hold = await ask('hold', basket([[reference, 60]]));
    const { holdId } = hold.body.hold;
    expect(await ask('capture', { holdId })).toMatchObject({ status: 200 });
    const hasEnded = () => until(async () => (await short.saleHandle(saleId).describe()).status.name === 'COMPLETED');
    await hasEnded();
    for (const [verb, body] of [
      ['capture', { holdId }],
      ['hold', basket([[reference, 60]])],
    ] as const) {
      const repeat = await ask(verb, body);
      expect(repeat).toMatchObject({ status: 200, body: { sale: { status: 'completed', takenMinor: 60 } } });
      expect(repeat.headers.get('Idempotent-Replayed')).toBe('true');
      await hasEnded();
    }
    expect(await ask('release', { holdId })).toMatchObject({ status: 409, body: { code: 'hold_closed' } });
    const { body } = await short.get<{ sale: SaleView }>(`/sales/${saleId}`);
    expect(body.sale).toMatchObject({ status: 'completed', takenMinor: 60, givenBackMinor: 0 });
    expect(await ask('settle', basket([[reference, 40]]))).toMatchObject({ body: { code: 'sale_exists' } });
  } finally {
    await short.close();
  }
});
