import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPages } from '../../support/pages.js';
import { openShop, type Shop } from '../../support/shop.js';

type Explanation = {
  cameFrom: { reference: string; text: string }[];
  happened: { text: string; amountMinor: number | null; balanceAfterMinor: number | null }[];
  total: string;
  wentOnAs: { reference: string; text: string }[];
  remarks: string[];
};

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

test('the life of a payment is told in sentences: whence each amount came, and what it became', async () => {
  const issued = { amountMinor: 10_000, funding: 'paid', tender: 'cash', expiresAt: null };
  const { reference } = await shop.issue(issued);
  const at = `/account-payments/${reference}`;
  const sale = { customerId: 'C-1', currency: 'EUR', saleId: 'S-1' };
  await shop.post(`${at}/apply`, { ...sale, amountMinor: 6_000 });
  await shop.post(`${at}/apply`, { ...sale, amountMinor: 90_000 });
  await shop.post(`${at}/refund`, { ...sale, amountMinor: 1_500, keptMinor: 500, reason: 'too small' });
  const giving = { reference, customerId: 'C-1', toCustomerId: 'C-2', amountMinor: 2_000, currency: 'EUR' };
  await shop.post('/gifts', giving);
  await shop.post(`${at}/cancel`, { customerId: 'C-1', disposition: 'paid_out', tender: 'card', reason: 'moves away' });

  const { body } = await shop.get<Explanation>(`${at}/explanation`);
  const place = (await shop.sql<{ name: string }[]>`select name from shops where shop_id = ${shop.shopId}`)[0]?.name;
  const given = body.wentOnAs[0]?.reference ?? '';
  expect(body.happened.map(({ text }) => text)).toEqual([
    `admin-1 in ${place} issued 100.00 EUR to customer C-1 as a deposit, paid in cash. It has no end.` +
      ' Its tax falls due as it is used.',
    `admin-1 in ${place} used 60.00 EUR for sale S-1. 40.00 EUR were left.`,
    `admin-1 in ${place} put 15.00 EUR back, of sale S-1. A fee of 5.00 EUR was kept. 55.00 EUR were left.` +
      ' Reason: “too small”.',
    `admin-1 in ${place} gave 20.00 EUR away; it became ${given}. 35.00 EUR were left.`,
    `admin-1 in ${place} cancelled it: 35.00 EUR were paid out by card. Reason: “moves away”.`,
  ]);
  expect(body.total).toBe(
    'Of the 100.00 EUR that were issued and the 15.00 EUR that came back: 60.00 EUR were spent;' +
      ' 20.00 EUR were given away; 35.00 EUR were paid out; nothing is left.',
  );
  expect(body.wentOnAs).toEqual([{ reference: given, text: `${given}, 20.00 EUR, was given out of it.` }]);
  expect(body.remarks).toEqual(['One other request was refused and moved nothing.']);

  const { body: ofGift } = await shop.get<Explanation>(`/account-payments/${given}/explanation`);
  expect(ofGift.cameFrom.map((each) => each.reference)).toEqual([reference]);
  expect(ofGift.happened[0]?.text).toContain(`as a gift out of ${reference}.`);

  const german = { as: 'cashier', headers: { 'Accept-Language': 'de-DE' } } as const;
  const { root, text } = await openPages(shop).get(`${at}/explanation`, german);
  expect(text).toContain('Storniert von admin-1');
  expect(root.querySelectorAll('main a').map((each) => each.getAttribute('href'))).toContain(
    `/account-payments/${given}`,
  );
});

test('a till is told who did something by their id, a manager by their name', async () => {
  const { username } = await shop.staffMember('manager');
  await shop.sql`update staff.members set name = 'Mona Muster' where id = ${username}`;
  const { reference } = await shop.issue();
  const sale = { customerId: 'C-1', currency: 'EUR', saleId: 'S-named', amountMinor: 100, staffId: username };
  await shop.post(`/account-payments/${reference}/apply`, sale);
  const toldTo = async (key: string) => {
    const { body } = await shop.get<Explanation>(`/account-payments/${reference}/explanation`, { key });
    return body.happened.map(({ text }) => text).join('\n');
  };
  expect(await toldTo(shop.keys.till)).toContain(username);
  expect(await toldTo(shop.keys.till)).not.toContain('Mona');
  for (const key of [shop.keys.manager, shop.keys.finance, shop.keys.admin])
    expect(await toldTo(key)).toContain('Mona Muster');
});

test('a payment that nobody knows has no life', async () => {
  const { status } = await shop.get('/account-payments/ACC-20200101-00000000/explanation');
  expect(status).toBe(404);
  const page = await openPages(shop).get('/account-payments/ACC-20200101-00000000/explanation');
  expect(page.status).toBe(404);
});
