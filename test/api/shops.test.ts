import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MovementRow } from '../../db/payment/movements.js';
import { updateShop } from '../../db/shops.js';
import type { AccountPaymentView } from '../../domain/payment/payment.js';
import type { ReturnView, SaleView } from '../../domain/sale/sale.js';
import { addShop, aDeposit, openShop, until, type Reply, type Shop } from '../support/shop.js';

/** Two shops of one company, on two sides of an ocean. */
let shop: Shop;
let berlin: { shopId: string; till: string; manager: string };
let boston: { shopId: string; till: string; manager: string };

beforeAll(async () => {
  shop = await openShop();
  const keysOf = async (shopId: string) => ({
    shopId,
    till: await shop.keyOf('till', `till-${shopId}`, shopId),
    manager: await shop.keyOf('manager', `manager-${shopId}`, shopId),
  });
  berlin = await keysOf(shop.shopId);
  boston = await keysOf(await addShop(shop.sql, { timeZone: 'America/New_York', currency: 'USD' }));
});
afterAll(() => shop.close());

type Answer = {
  code: string;
  payment: AccountPaymentView & { validThrough: string };
  sale: SaleView;
  return: ReturnView;
};
const post = (path: string, body: object, key: string): Promise<Reply<Answer>> =>
  shop.post<Answer>(path, body, { key });
const issue = async (more: object = {}, key = berlin.manager) => {
  const reply = await post('/account-payments', { ...aDeposit, ...more }, key);
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  return reply.body.payment;
};
const settling = (reference: string, amountMinor: number) => ({
  customerId: 'C-1',
  currency: 'EUR',
  lines: [{ productId: 'bike', amountMinor }],
  payments: [{ reference, amountMinor }],
});

test('two shops have the same receipt number for two sales', async () => {
  const { reference } = await issue({ amountMinor: 300 });
  const saleId = randomUUID();
  for (const [{ till }, amountMinor] of [
    [berlin, 100],
    [boston, 50],
  ] as const)
    expect(await post(`/sales/${saleId}/settle`, settling(reference, amountMinor), till)).toMatchObject({
      status: 200,
    });
  const read = (key: string, query = '') => shop.get<Answer>(`/sales/${saleId}${query}`, { key });
  expect((await read(berlin.till)).body.sale).toMatchObject({ saleShopId: berlin.shopId, takenMinor: 100 });
  expect((await read(boston.till)).body.sale).toMatchObject({ saleShopId: boston.shopId, takenMinor: 50 });
  expect((await read(boston.till, `?saleShopId=${berlin.shopId}`)).body.sale).toMatchObject({ takenMinor: 100 });

  expect(await post(`/sales/${saleId}/return`, { customerId: 'C-1', currency: 'EUR' }, boston.till)).toMatchObject({
    status: 200,
    body: { return: { amountMinor: 50 } },
  });
  const elsewhere = { customerId: 'C-1', currency: 'EUR', saleShopId: berlin.shopId };
  expect(await post(`/sales/${saleId}/return`, elsewhere, boston.till)).toMatchObject({
    status: 200,
    body: { return: { amountMinor: 100 } },
  });
  const rows = await until(async () => {
    const found = await shop.sql<MovementRow[]>`
      select kind, shop_id, sale_shop_id from movements where reference = ${reference} order by sequence`;
    return found.length === 5 && found;
  });
  expect(rows).toEqual([
    { kind: 'issued', shopId: berlin.shopId, saleShopId: null },
    { kind: 'applied', shopId: berlin.shopId, saleShopId: berlin.shopId },
    { kind: 'applied', shopId: boston.shopId, saleShopId: boston.shopId },
    { kind: 'refunded', shopId: boston.shopId, saleShopId: boston.shopId },
    { kind: 'refunded', shopId: boston.shopId, saleShopId: berlin.shopId },
  ]);
});

test('single applies and refunds are of the sale of their own shop, or of the one they name', async () => {
  const { reference } = await issue({ amountMinor: 300 });
  const saleId = randomUUID();
  const spend = { customerId: 'C-1', amountMinor: 100, currency: 'EUR', saleId };
  const at = (call: string) => `/account-payments/${reference}/${call}`;
  expect(await post(at('apply'), spend, berlin.till)).toMatchObject({ status: 200 });
  expect(await post(at('refund'), spend, boston.till)).toMatchObject({
    status: 409,
    body: { code: 'exceeds_refundable', refundableMinor: 0 },
  });
  expect(await post(at('refund'), { ...spend, saleShopId: berlin.shopId }, boston.till)).toMatchObject({ status: 200 });
  const { body } = await shop.get<{ items: object[] }>(
    `/account-payments/${reference}/commands?shopId=${boston.shopId}&kind=refund`,
  );
  expect(body.items).toMatchObject([
    { outcome: 'refused', saleShopId: boston.shopId },
    { outcome: 'accepted', saleShopId: berlin.shopId, shopId: boston.shopId },
  ]);
});

test("a day ends in the time zone of the shop, and a reference has the shop's date", async () => {
  const inBoston = await issue({ currency: 'USD', validThrough: '2030-12-31' }, boston.manager);
  const inBerlin = await issue({ validThrough: '2030-12-31' });
  expect([inBoston.expiresAt, inBerlin.expiresAt]).toEqual(['2031-01-01T05:00:00.000Z', '2030-12-31T23:00:00.000Z']);
  expect([inBoston.validThrough, inBerlin.validThrough]).toEqual(['2030-12-31', '2030-12-31']);
  expect(inBoston).toMatchObject({ shopId: boston.shopId });
  const { body } = await shop.get<{ items: { reference: string }[] }>(`/account-payments?shopId=${boston.shopId}`);
  expect(body.items.map((each) => each.reference)).toEqual([inBoston.reference]);
});

test('a till issues what was paid and what came back with its receipt, up to the limit of its shop', async () => {
  const paid = { ...aDeposit, amountMinor: 50_000, tender: 'cash' };
  const returned = { ...aDeposit, purpose: 'store_credit', receiptId: 'R-1', amountMinor: 500 };
  const statusAndCode = async (body: object, key = berlin.till) => {
    const reply = await post('/account-payments', body, key);
    return [reply.status, reply.body.code];
  };
  expect(await statusAndCode(paid)).toEqual([201, undefined]);
  expect(await statusAndCode({ ...paid, amountMinor: 50_001 })).toEqual([403, 'exceeds_till_limit']);
  expect(await statusAndCode({ ...paid, amountMinor: 50_001 }, berlin.manager)).toEqual([201, undefined]);
  expect(await statusAndCode(returned)).toEqual([201, undefined]);
  expect(await statusAndCode({ ...returned, receiptId: undefined })).toEqual([403, 'issue_not_allowed']);
  expect(await statusAndCode({ ...aDeposit, funding: 'goodwill' })).toEqual([403, 'issue_not_allowed']);
  expect(await statusAndCode({ ...paid, currency: 'USD' })).toEqual([403, 'issue_not_allowed']);
  await updateShop(shop.sql, boston.shopId, { tillIssueLimitMinor: 0 });
  const fresh = await shop.keyOf('till', 'till-fresh', boston.shopId);
  expect(await statusAndCode({ ...paid, currency: 'USD' }, fresh)).toEqual([403, 'exceeds_till_limit']);
});

test('goodwill is handed out only where the shop permits it', async () => {
  const given = () => issue({ funding: 'goodwill', purpose: 'store_credit', amountMinor: 100 });
  const { reference } = await given();
  const payOut = { customerId: 'C-1', amountMinor: 10, currency: 'EUR', tender: 'cash', reason: 'asked' };
  const cancel = { customerId: 'C-1', disposition: 'paid_out', tender: 'cash', reason: 'asked' };
  const at = (call: string) => `/account-payments/${reference}/${call}`;
  for (const [call, body] of [
    ['pay-out', payOut],
    ['cancel', cancel],
  ] as const)
    expect(await post(at(call), body, berlin.manager)).toMatchObject({ status: 422, body: { code: 'not_payable' } });
  // What became of it since makes no cash of it either.
  const gift = { reference, customerId: 'C-1', toCustomerId: 'C-2', amountMinor: 50, currency: 'EUR' };
  const reply = await shop.post<{ gift: { toReference: string } }>('/gifts', gift, { key: berlin.manager });
  expect(
    await post(
      `/account-payments/${reply.body.gift.toReference}/cancel`,
      { ...cancel, customerId: 'C-2' },
      berlin.manager,
    ),
  ).toMatchObject({ status: 422, body: { code: 'not_payable' } });
  await updateShop(shop.sql, boston.shopId, { goodwillPayOut: 'allowed' });
  const permitted = await shop.keyOf('manager', 'manager-permitted', boston.shopId);
  expect(await post(at('pay-out'), payOut, permitted)).toMatchObject({ status: 200 });
});

test('what a return issues anew is good for as long as the shop sets, and frozen as what it replaces was', async () => {
  await updateShop(shop.sql, berlin.shopId, { replacementLifetimeDays: 30 });
  const { reference } = await issue({ amountMinor: 100 });
  const saleId = randomUUID();
  await post(`/sales/${saleId}/settle`, settling(reference, 60), berlin.till);
  const freeze = { cause: 'staff', reason: 'suspicious' };
  expect(await post(`/account-payments/${reference}/freeze`, freeze, berlin.manager)).toMatchObject({ status: 200 });
  await post(`/account-payments/${reference}/expire`, { reason: 'agreed' }, berlin.manager);
  const back = await post(`/sales/${saleId}/return`, { customerId: 'C-1', currency: 'EUR' }, berlin.till);
  const replacement = back.body.return.returned[0]?.replacement ?? '';
  const { body } = await shop.get<AccountPaymentView & { validThrough: string }>(`/account-payments/${replacement}`);
  expect(body).toMatchObject({ amountMinor: 60, frozenCauses: ['staff'], availableMinor: 0, origin: 'return' });
  const days = (Date.parse(body.validThrough) - Date.now()) / 86_400_000;
  expect(Math.abs(days - 30)).toBeLessThan(2);
  await updateShop(shop.sql, berlin.shopId, { replacementLifetimeDays: null });
});

test("a shop's entity, currency and time zone never change, and no shop goes", async () => {
  for (const change of [
    shop.sql`update shops set time_zone = 'UTC' where shop_id = ${berlin.shopId}`,
    shop.sql`update shops set currency = 'USD' where shop_id = ${berlin.shopId}`,
    shop.sql`update shops set legal_entity = 'Another' where shop_id = ${berlin.shopId}`,
    shop.sql`delete from shops`,
  ])
    await expect(change).rejects.toThrow(/do not change|append-only/);
});
