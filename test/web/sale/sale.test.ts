import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { putCustomer } from '../../../db/customer/customers.js';
import { putProduct } from '../../../db/product/products.js';
import type { SaleView } from '../../../domain/sale/sale.js';
import { openPages } from '../../support/pages.js';
import { addShop, openShop, type Shop } from '../../support/shop.js';
import { filled, sell } from './selling.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
beforeAll(async () => {
  shop = await openShop();
  pages = openPages(shop);
  await putCustomer(shop.sql, 'C-1', '<script>alert(1)</script>');
  await putProduct(shop.sql, 'bike', 'דוגמה <b>Bike</b>');
});
afterAll(() => shop.close());

const issue = async (amountMinor: number) => (await shop.issue({ amountMinor })).reference;
const at = (saleId: string) => `/sales/${encodeURIComponent(saleId)}?shop=${shop.shopId}`;

test.each(['S-find', 'Shop/0042', '#1001', 'Order 7-12', 'gid://shop/1'])(
  'sale number %s is found however it looks, and nothing else is',
  async (saleId) => {
    await sell(shop, 'settle', [[await issue(5_000), 5_000]], { saleId });
    const found = await pages.get(`/sales?number=${encodeURIComponent(` ${saleId} `)}`, { as: 'cashier' });
    expect([found.status, found.location]).toEqual([303, at(saleId)]);
    const page = await pages.get(found.location ?? '', { as: 'finance' });
    expect(page.status).toBe(200);
    expect(page.root.querySelector('h1')?.text).toBe(`Sale ${saleId}`);
    const elsewhere = await addShop(shop.sql);
    expect((await pages.get(`/sales?number=${encodeURIComponent(saleId)}&shop=${elsewhere}`)).status).toBe(404);
    expect((await pages.get(`/sales/${encodeURIComponent(saleId)}?shop=${elsewhere}`)).status).toBe(404);
  },
);

test.each([
  ['en-GB', 'nowhere', 'There is no sale nowhere in this shop.'],
  ['de-DE', 'nowhere', 'In diesem Laden gibt es keinen Verkauf nowhere.'],
  ['de-DE', 'a@b', 'Eine Nummer hat 1 bis 128 Buchstaben, Ziffern und Zeichen'],
  ['en-GB', '<script>alert(1)</script>', 'There is no sale <script>alert(1)</script> in this shop.'],
])('in %s, %s is told to be nowhere, and stays typed', async (language, number, told) => {
  const page = await pages.get(`/sales?number=${encodeURIComponent(number)}`, {
    headers: { 'Accept-Language': language },
  });
  expect(page.status).toBe(404);
  expect(page.root.querySelector('#number-error')?.text).toContain(told);
  expect(page.root.querySelector('input[name=number]')?.getAttribute('value')).toBe(number);
  expect(page.root.querySelectorAll('main script')).toEqual([]);
});

test('addresses that are none of a sale lead nowhere', async () => {
  for (const path of ['/sales/a%40b', '/sales/S-1?shop=..', '/sales/nobody/return', '/sales/nobody'])
    expect((await pages.get(path)).status).toBe(404);
});

test('it tells lines, names, what each payment gave and got back, its returns, and credit for its receipt', async () => {
  const [a, b] = [await issue(2_500), await issue(2_000)];
  const { saleId } = await sell(shop, 'settle', [
    [a, 2_500],
    [b, 1_500],
  ]);
  const reason = '😀'.repeat(500);
  await shop.post(`/sales/${saleId}/return`, {
    currency: 'EUR',
    lines: [{ productId: 'lock', amountMinor: 2_000 }],
    order: 'otherFirst',
    keptMinor: 200,
    reason,
  });
  const credit = await shop.issue({ purpose: 'store_credit', funding: 'return', receiptId: saleId, amountMinor: 321 });
  const { payments } = (await shop.get<{ sale: SaleView }>(`/sales/${saleId}`)).body.sale;
  expect(payments.map(({ reference }) => reference)).toEqual([a, b]);
  const { root, text } = await pages.get(at(saleId), { as: 'cashier' });
  const rows = root
    .querySelectorAll('main table')
    .map((table) =>
      table
        .querySelectorAll('tr')
        .map((row) => row.querySelectorAll('th, td').map((cell) => cell.structuredText.trim())),
    );
  expect(rows).toEqual([
    [
      ['Product', 'Sold for', 'Came back'],
      [expect.stringContaining('דוגמה <b>Bike</b>'), '€30.00', '€0.00'],
      ['lock', '€20.00', '€20.00'],
    ],
    [
      ['Account payment', 'Gave', 'Got back', 'Kept as a fee'],
      ...payments.map((each) => [
        each.reference,
        ...[each.takenMinor, each.givenBackMinor, each.keptMinor].map((minor) => `€${(minor / 100).toFixed(2)}`),
      ]),
    ],
  ]);
  expect(text).toContain('<script>alert(1)</script>');
  expect(root.querySelectorAll('main script, main b')).toEqual([]);
  for (const told of [
    'completed',
    '€8.00 back to',
    '€10.00 was paid in another way',
    '€2.00 kept as a fee',
    reason,
    credit.reference,
  ])
    expect(text).toContain(told);
  // Of the 10.00 that another tender paid, 3.21 are credit already.
  const toCredit = new URL(
    root.querySelector('a[href*="money=return"]')?.getAttribute('href') ?? '',
    'http://localhost',
  );
  expect(Object.fromEntries(toCredit.searchParams)).toMatchObject({
    receiptId: saleId,
    amount: '6.79',
    currency: 'EUR',
  });
  const form = await pages.get(`${toCredit.pathname}${toCredit.search}`);
  expect(form.root.querySelector('#amount')?.getAttribute('value')).toBe('6.79');
  const rest = { purpose: 'store_credit', funding: 'return', receiptId: saleId, amountMinor: 679 };
  await shop.issue(rest);
  expect((await pages.get(at(saleId))).root.querySelector('a[href*="money=return"]')).toBeNull();
});

test('a sale that payments were applied to one by one is there too, and can be taken back', async () => {
  const [reference, saleId] = [await issue(5_000), `S-${randomUUID()}`];
  const body = { customerId: 'C-1', amountMinor: 1_234, currency: 'EUR', saleId };
  await shop.post(`/account-payments/${reference}/apply`, body, { key: shop.keys.till });
  const { status, text, root } = await pages.get(at(saleId));
  expect(status).toBe(200);
  for (const told of ['taken one by one', 'Nobody told what was sold', '€12.34']) expect(text).toContain(told);
  const back = await pages.get(root.querySelector('main a.button')?.getAttribute('href') ?? '');
  expect(back.text).toContain('€12.34 of account payments can still go back');
  expect(back.root.querySelectorAll('input[name=extent]').map((each) => each.getAttribute('value'))).toEqual([
    'everything',
    'amount',
  ]);
});

test('a sale that is held leads on to the till, in its own shop and for whoever may sell', async () => {
  const { saleId } = await sell(shop, 'hold', [[await issue(5_000), 1_000]]);
  const onwards = async (as: 'cashier' | 'finance') =>
    (await pages.get(at(saleId), { as })).root.querySelector('main a[href^="/till"]')?.getAttribute('href');
  expect(await onwards('cashier')).toBe(`/till?saleId=${saleId}`);
  expect(await onwards('finance')).toBeUndefined();
});

test('what came in two currencies is told, and taken back, in each by itself', async () => {
  const [euros, dollars] = [await issue(5_000), (await shop.issue({ amountMinor: 7_000, currency: 'USD' })).reference];
  const { saleId } = await sell(shop, 'settle', [[euros, 2_000]]);
  const body = { customerId: 'C-1', amountMinor: 700, currency: 'USD', saleId };
  await shop.post(`/account-payments/${dollars}/apply`, body, { key: shop.keys.till });
  const { text, root } = await pages.get(at(saleId));
  for (const told of ['€20.00', 'US$7.00']) expect(text).toContain(told);
  for (const sum of ['€27.00', 'US$27.00', '€7.00']) expect(text).not.toContain(sum);
  const [own, other] = root.querySelectorAll('main a.button').map((each) => each.getAttribute('href') ?? '');
  expect((await pages.get(own ?? '')).text).toContain('€20.00 of account payments can still go back');
  const ofOther = await pages.get(other ?? '');
  expect(ofOther.text).toContain('US$7.00 of account payments can still go back');
  const to = ofOther.root.querySelector('main form')?.getAttribute('action') ?? '';
  const preview = await pages.post(to, filled(ofOther, { step: 'preview' }));
  const done = await pages.post(to, filled(preview, { step: 'confirm' }));
  expect(done.status).toBe(303);
  expect((await pages.get(done.location ?? '')).text).toContain('US$7.00 back to');
});

test('the basket of a hold that was let go was not sold, and stands nowhere', async () => {
  const { saleId, holdId } = await sell(shop, 'hold', [[await issue(5_000), 5_000]]);
  expect((await pages.get(at(saleId))).root.querySelectorAll('main table')).toHaveLength(2);
  const released = await shop.post(`/sales/${saleId}/release`, { customerId: 'C-1', holdId });
  expect(released).toMatchObject({ status: 200 });
  const { root, text } = await pages.get(at(saleId));
  expect(root.querySelectorAll('main table')).toHaveLength(1);
  expect(text).toContain('Nobody told what was sold');
});
