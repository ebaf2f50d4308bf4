import { afterAll, beforeAll, expect, test } from 'vitest';
import { putCustomer } from '../../../db/customer/customers.js';
import { listOpenHolds } from '../../../db/sale/openHolds.js';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import { openPages } from '../../support/pages.js';
import { addShop, openShop, until, type Shop } from '../../support/shop.js';
import { filled, sell } from './selling.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
beforeAll(async () => {
  shop = await openShop();
  pages = openPages(shop);
  await putCustomer(shop.sql, 'C-1', '<script>alert(1)</script>');
});
afterAll(() => shop.close());

const issue = async (amountMinor: number) => (await shop.issue({ amountMinor })).reference;
const heldOf = async (reference: string) =>
  (await shop.get<AccountPaymentView>(`/account-payments/${reference}`)).body.heldMinor;
const say = (saleId: string, verb: string, body: object) =>
  shop.post(`/sales/${saleId}/${verb}`, { customerId: 'C-1', ...body }, { key: shop.keys.till });
const openHold = async (saleId: string) =>
  (await listOpenHolds(shop.sql, shop.shopId, 1_000)).find((each) => each.saleId === saleId);
const rowOf = async (saleId: string) => {
  const { root } = await pages.get('/held', { as: 'cashier' });
  return root.querySelectorAll('main tbody tr').find((row) => row.text.includes(saleId));
};

test('what is held stands there with sale, till, age and end; a cashier has a manager sign to let it go', async () => {
  const [a, b] = [await issue(1_000), await issue(2_000)];
  const { saleId } = await sell(shop, 'hold', [
    [a, 400],
    [b, 2_000],
  ]);
  const row = await until(() => rowOf(saleId));
  for (const told of [a, b, '€24.00', 'till-1', '<script>alert(1)</script>'])
    expect(row.structuredText).toContain(told);
  expect(row.querySelectorAll('script')).toEqual([]);
  const form = await pages.get(row.querySelector('a.button')?.getAttribute('href') ?? '', { as: 'cashier' });
  expect(form.text).toContain('A manager signs');
  const unsigned = await pages.post('/held/let-go', filled(form), { as: 'cashier' });
  expect(unsigned.status).toBe(403);
  expect(await heldOf(a)).toBe(400);
  const signed = filled(unsigned, await pages.signature());
  const done = await pages.post('/held/let-go', signed, { as: 'cashier' });
  expect(done.location).toContain(`/held?let=${saleId}&recorded=`);
  const listed = await pages.get(done.location ?? '', { as: 'cashier' });
  expect(listed.text).toContain(`The hold of sale ${saleId} was let go.`);
  expect([await heldOf(a), await heldOf(b)]).toEqual([0, 0]);
  expect((await pages.post('/held/let-go', signed, { as: 'cashier' })).location).toContain('recorded=before');
  await until(async () => (await rowOf(saleId)) === undefined);
  const [released] = await shop.sql<{ caller: string; staffId: string }[]>`
    select caller, staff_id from sale_commands where sale_id = ${saleId} and kind = 'release'`;
  expect(released).toEqual({ caller: 'staff:manager', staffId: 'cashier' });
});

test.each([
  ['en-GB', 'What was held has been taken or let go already.', 'This sale holds nothing any more.'],
  ['de-DE', 'Diese Reservierung wurde eingelöst oder freigegeben.', 'Dieser Verkauf hat nichts mehr reserviert.'],
])('a hold that was taken meanwhile is not let go, which is said in %s', async (language, told, shown) => {
  const { saleId, holdId } = await sell(shop, 'hold', [[await issue(1_000), 1_000]]);
  const as = { headers: { 'Accept-Language': language } };
  const form = await pages.get(`/held/let-go?shop=${shop.shopId}&sale=${saleId}&hold=${holdId}`, as);
  expect(await say(saleId, 'capture', { holdId })).toMatchObject({ status: 200 });
  const late = await pages.post('/held/let-go', filled(form), as);
  expect(late.status).toBe(422);
  expect(late.text).toContain(told);
  expect(late.text).toContain(shown);
});

test('what of a hold is open is told as the payments have it, whatever became of it', async () => {
  const [a, b] = [await issue(5_000), await issue(5_000)];
  const { saleId, holdId } = await sell(shop, 'hold', [[a, 1_000]]);
  await until(async () => (await openHold(saleId))?.holdId === holdId);
  const edited = {
    customerId: 'C-1',
    currency: 'EUR',
    lines: [{ productId: 'bike', amountMinor: 5_000 }],
    payments: [
      { reference: a, amountMinor: 700 },
      { reference: b, amountMinor: 900 },
    ],
    replaces: holdId,
  };
  expect(await say(saleId, 'hold', edited)).toMatchObject({ status: 200 });
  const replaced = await until(async () => {
    const open = await openHold(saleId);
    return open?.holdId === holdId ? undefined : open;
  });
  expect(replaced.payments.toSorted((one, other) => one.amountMinor - other.amountMinor)).toEqual([
    { reference: a, amountMinor: 700 },
    { reference: b, amountMinor: 900 },
  ]);
  const heldUntil = new Date(Date.now() + 3_600_000).toISOString();
  const partly = { holdId: replaced.holdId, payments: [{ reference: b, amountMinor: 300 }], keepRest: true, heldUntil };
  expect(await say(saleId, 'capture', partly)).toMatchObject({ status: 200 });
  const rest = await until(async () => {
    const open = await openHold(saleId);
    return open?.endsAt === heldUntil ? open : undefined;
  });
  expect(rest.payments.map(({ amountMinor }) => amountMinor).toSorted()).toEqual([600, 700]);
  expect([await heldOf(a), await heldOf(b)]).toEqual([700, 600]);
  expect(await listOpenHolds(shop.sql, await addShop(shop.sql), 10)).toEqual([]);
  expect(await say(saleId, 'release', { holdId: rest.holdId })).toMatchObject({ status: 200 });
  await until(async () => (await openHold(saleId)) === undefined);
});

test('where nothing is held, it says what would stand there', async () => {
  const empty = await openShop({ worker: 'none' });
  const { text } = await openPages(empty).get('/held', { as: 'cashier' });
  await empty.close();
  expect(text).toContain('Nothing is held.');
});
