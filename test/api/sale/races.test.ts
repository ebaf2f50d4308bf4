import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Asked } from '../../../domain/sale/answers.js';
import { derivedId } from '../../../domain/payment/command.js';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import type { ReturnView, SaleView } from '../../../domain/sale/sale.js';
import { saleStepId } from '../../../domain/sale/stepId.js';
import { sha256 } from '../../../domain/sha256.js';
import { openShop, until, type PostOptions, type Shop } from '../../support/shop.js';

/** What happens between two steps of a sale: before its payments are asked for something, once. */
let meanwhile: { before: Asked['command']['kind']; happens: () => Promise<unknown> } | undefined;

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({
    around: (activities) => ({
      ...activities,
      command: async (asked, lines) => {
        await untilHappened(asked);
        return activities.command(asked, lines);
      },
      begin: async (beginning) => {
        await untilHappened(beginning.asked);
        return activities.begin(beginning);
      },
      complete: async (completing) => {
        await untilHappened(completing.asked);
        return activities.complete(completing);
      },
    }),
  });
});
afterEach(() => {
  expect(meanwhile, 'what was to happen has happened').toBeUndefined();
});
afterAll(() => shop.close());

async function untilHappened(asked: readonly Asked[]): Promise<void> {
  const due = asked.some(({ command }) => command.kind === meanwhile?.before) ? meanwhile : undefined;
  if (due) meanwhile = undefined;
  await due?.happens();
}

type Told = { return: ReturnView; sale: SaleView; code: string };
type Share = [reference: string, amountMinor: number];

const lines = [{ productId: 'bike', amountMinor: 300 }];
const newSale = () => `S-${randomUUID()}`;
const say = (saleId: string, verb: string, body: object, options?: PostOptions) =>
  shop.post<Told>(`/sales/${saleId}/${verb}`, { customerId: 'C-1', ...body }, { key: shop.keys.till, ...options });
const basket = (payments: Share[]) => ({
  customerId: 'C-1',
  currency: 'EUR',
  lines,
  payments: payments.map(([reference, amountMinor]) => ({ reference, amountMinor })),
});
const giveBack = (saleId: string, more: object = {}) => say(saleId, 'return', { currency: 'EUR', ...more });
const issue = async (amountMinor: number) => (await shop.issue({ amountMinor })).reference;
const payment = async (reference: string) =>
  (await shop.get<AccountPaymentView>(`/account-payments/${reference}`)).body;
const refund = (reference: string, saleId: string, amountMinor: number) => () =>
  shop.post(`/account-payments/${reference}/refund`, { customerId: 'C-1', currency: 'EUR', amountMinor, saleId });

async function sold(payments: Share[]): Promise<string> {
  const saleId = newSale();
  expect(await say(saleId, 'settle', basket(payments))).toMatchObject({ status: 200 });
  return saleId;
}

test('"everything" is planned again when a till gave back a part meanwhile, and its fee is still kept', async () => {
  const reference = await issue(100);
  const saleId = await sold([[reference, 100]]);
  meanwhile = { before: 'refund', happens: refund(reference, saleId, 30) };
  expect(await giveBack(saleId, { keptMinor: 10 })).toMatchObject({
    status: 200,
    body: { return: { amountMinor: 60, keptMinor: 10, notReturned: [] }, sale: { keptMinor: 10 } },
  });
  expect(await payment(reference)).toMatchObject({ balanceMinor: 90 });
  expect(await giveBack(saleId)).toMatchObject({ status: 409, body: { code: 'exceeds_refundable' } });
});

test('a fixed amount that no longer fits is refused, and nothing of it has moved', async () => {
  const reference = await issue(100);
  const saleId = await sold([[reference, 100]]);
  meanwhile = { before: 'refund', happens: refund(reference, saleId, 30) };
  expect(await giveBack(saleId, { amountMinor: 100 })).toMatchObject({
    status: 409,
    body: { code: 'exceeds_refundable', payments: [{ reference, refundableMinor: 70 }] },
  });
  expect(await payment(reference)).toMatchObject({ balanceMinor: 30 });
});

test('of a fixed amount over two payments the part that no longer fits is named, and not made smaller', async () => {
  const [a, b] = [await issue(50), await issue(100)];
  const saleId = await sold([
    [a, 50],
    [b, 100],
  ]);
  meanwhile = { before: 'refund', happens: refund(a, saleId, 20) };
  expect(await giveBack(saleId, { amountMinor: 150 })).toMatchObject({
    status: 200,
    body: {
      return: {
        amountMinor: 100,
        returned: [{ reference: b, amountMinor: 100 }],
        notReturned: [{ reference: a, amountMinor: 50, code: 'exceeds_refundable', refundableMinor: 30 }],
      },
    },
  });
});

/** A hold of its payments, by its id. */
async function held(saleId: string, payments: Share[], more: object = {}): Promise<string> {
  const reply = await say(saleId, 'hold', { ...basket(payments), ...more });
  expect(reply).toMatchObject({ status: 200, body: { sale: { status: 'held' } } });
  return reply.body.sale.holdId;
}

test('a sale that takes its money does not let go of it any more, for a manager either', async () => {
  const [a, b] = [await issue(100), await issue(100)];
  const saleId = newSale();
  const holdId = await held(saleId, [
    [a, 100],
    [b, 100],
  ]);
  const release = () => say(saleId, 'release', { holdId }, { key: shop.keys.manager });
  let released: unknown;
  meanwhile = { before: 'capture', happens: async () => (released = await release()) };
  expect(await say(saleId, 'capture', { holdId })).toMatchObject({
    status: 200,
    body: { sale: { status: 'completed', takenMinor: 200 } },
  });
  expect(released).toMatchObject({ status: 409, body: { code: 'sale_completing' } });
});

test('a hold that cannot be replaced is as it was, and nobody gets at its money meanwhile', async () => {
  const [p, q] = [await issue(300), await issue(150)];
  const saleId = newSale();
  const replaces = await held(saleId, [[p, 300]]);
  await held(newSale(), [[q, 1]]);
  let another: unknown;
  const elsewhere = { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: newSale() };
  meanwhile = {
    before: 'hold',
    happens: async () => (another = await shop.post(`/account-payments/${p}/apply`, elsewhere)),
  };
  const more: Share[] = [
    [p, 150],
    [q, 150],
  ];
  expect(await say(saleId, 'hold', { ...basket(more), replaces })).toMatchObject({
    status: 409,
    body: {
      code: 'insufficient_balance',
      payments: [{ reference: q, availableMinor: 149 }],
      sale: { status: 'held', holdId: replaces, heldMinor: 300 },
    },
  });
  expect(another).toMatchObject({ status: 409, body: { code: 'insufficient_balance', availableMinor: 0 } });
  expect(await payment(p)).toMatchObject({ heldMinor: 300 });
  expect(await payment(q)).toMatchObject({ heldMinor: 1 });
  expect(await say(saleId, 'capture', { holdId: replaces })).toMatchObject({ status: 200 });
});

test('an id of a step that was used for something else is refused, and the sale goes on', async () => {
  const reference = await issue(100);
  const saleId = await sold([[reference, 100]]);
  const key = randomUUID();
  const sale = { saleShopId: shop.shopId, saleId };
  const commandId = derivedId(sha256(`${shop.shopId}\ntill-1\n${key}`), sale.saleShopId, saleId);
  const step = saleStepId(sale, commandId, 'refund', reference, '1');
  await shop.tell(reference, 'extend', { commandId: step, customerId: 'C-1', expiresAt: null, reason: 'x' });
  await until(async () => (await shop.sql`select from commands where command_id = ${step}`).length === 1);
  expect(await say(saleId, 'return', { currency: 'EUR', amountMinor: 40 }, { idempotencyKey: key })).toMatchObject({
    status: 422,
    body: { code: 'command_id_reused' },
  });
  expect(await giveBack(saleId)).toMatchObject({ status: 200, body: { return: { amountMinor: 100 } } });
});
