import { afterAll, beforeAll, expect, test } from 'vitest';
import { updateShop } from '../../../db/shops.js';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import type { Shop as ShopRow } from '../../../domain/shop.js';
import { openPages, type Seen, type Typed } from '../../support/pages.js';
import { openShop, type Shop } from '../../support/shop.js';
import { fieldsOf, shownState, toldBefore } from './asStaff.js';

/** A shop in California, whose gift certificates have no expiry date. */
let shop: Shop;
let pages: ReturnType<typeof openPages>;
beforeAll(async () => {
  shop = await openShop();
  pages = openPages(shop);
  await updateShop(shop.sql, shop.shopId, { jurisdiction: 'US-CA', replacementLifetimeDays: 30 });
});
afterAll(() => shop.close());

const strict = (againstLaw: ShopRow['againstLaw']) => updateShop(shop.sql, shop.shopId, { againstLaw });
const aGift = { purpose: 'gift', tender: 'cash', currency: 'USD', amountMinor: 1_200 };
const NEW = '/account-payments/new';
const typed = {
  customerId: 'C-1',
  type: 'generic',
  purpose: 'gift',
  money: 'cash',
  amount: '50',
  currency: 'EUR',
  validThrough: '2090-12-31',
  step: 'issue',
};
const ofReference = (location: string | null) => /ACC-[^/?]+/.exec(location ?? '')?.[0] ?? '';
const linksIn = ({ root }: Seen) => root.querySelectorAll('.law a').map((each) => each.getAttribute('href'));

test('a new payment is issued once what the law says was read, and keeps it in its history', async () => {
  await strict('warned');
  const told = await pages.post(NEW, typed);
  expect([told.status, told.text]).toEqual([
    422,
    expect.stringContaining('a gift certificate that was sold has no expiry date.'),
  ]);
  expect(told.text).toContain('Read what the law says');
  expect(linksIn(told)).toEqual([expect.stringMatching(/^https:.*1749\.5/)]);
  const done = await pages.post(NEW, { ...fieldsOf(told), ...typed });
  expect(done.status, done.text).toBe(303);
  const shown = await pages.get(`/account-payments/${ofReference(done.location)}`);
  expect(shown.text).toContain('The law had a word on it: California: a gift certificate');

  const german = { headers: { 'Accept-Language': 'de-DE' } } as const;
  expect((await pages.post(NEW, typed, german)).text).toContain('Ein verkaufter Gutschein hat kein Ablaufdatum.');
});

test('a form that has issued already is answered as it was, whatever was read of the law since', async () => {
  await strict('warned');
  const form = { ...fieldsOf(await pages.post(NEW, typed)), ...typed };
  const first = await pages.post(NEW, form);
  const again = await pages.post(NEW, { ...form, lawRead: 'another-rule' });
  expect([first.status, again.status]).toEqual([303, 303]);
  expect(ofReference(again.location)).toBe(ofReference(first.location));
});

test('where the shop refuses it a manager signs with a reason, and nobody else goes on', async () => {
  await strict('refused');
  const refused = await pages.post(NEW, typed, { as: 'cashier' });
  expect([refused.status, refused.root.querySelector('#againstLawBecause') === null]).toEqual([422, false]);
  const because = { ...fieldsOf(refused), ...typed, againstLawBecause: 'for a <b>friend</b>' };
  const alone = await pages.post(NEW, because, { as: 'cashier' });
  expect([alone.status, alone.root.querySelector('.signs[open]') === null]).toEqual([422, false]);
  const signed: Typed = {
    ...fieldsOf(alone),
    ...because,
    formKey: fieldsOf(alone)['formKey'] ?? '',
    ...(await pages.signature()),
  };
  const done = await pages.post(NEW, signed, { as: 'cashier' });
  expect(done.status, done.text).toBe(303);
  expect((await pages.get(`/account-payments/${ofReference(done.location)}`)).text).toContain('for a <b>friend</b>');
});

test('what is done to a payment says what the law says before it is done', async () => {
  await strict('refused');
  const { reference } = await shop.issue(aGift);
  const at = `/account-payments/${reference}/expire`;
  const told = await toldBefore(pages, at, { reason: 'asked' });
  expect(told.text).toContain('A law stands against this');
  expect(told.text).toContain('the customer may have a balance below 15 US dollars in cash');
  const again = await pages.post(at, { ...fieldsOf(told), step: 'do' });
  expect([again.status, (await shownState(shop, reference)).status]).toEqual([422, 'active']);
  expect(again.root.querySelectorAll('[name=lawRead]')).toHaveLength(1);
  const done = await pages.post(at, { ...fieldsOf(again), againstLawBecause: 'agreed in writing', step: 'do' });
  expect(done.status, done.text).toBe(303);
  expect((await shownState(shop, reference)).status).toBe('expired');
  const { text } = await pages.get(`/account-payments/${reference}`);
  expect(text).toContain('agreed in writing');
  expect(text).toContain('Something was asked that a law stands against');
});

test('a balance that may be had in cash says so, and to pay out all of it is nothing to warn of', async () => {
  await strict('refused');
  const small: AccountPaymentView = await shop.issue({ ...aGift, amountMinor: 1_499 });
  const large = await shop.issue({ ...aGift, amountMinor: 1_500 });
  const textOf = async ({ reference }: AccountPaymentView) => (await pages.get(`/account-payments/${reference}`)).text;
  expect(await textOf(small)).toContain('The customer may have this in cash');
  expect(await textOf(large)).not.toContain('The customer may have this in cash');
  const told = await toldBefore(pages, `/account-payments/${small.reference}/pay-out`, {
    amount: '14.99',
    tender: 'cash',
    reason: 'asked',
  });
  expect([told.status, told.text.includes('The law has a word')]).toEqual([200, false]);
});

test('the preview of a return says what the law says of what it would issue', async () => {
  await strict('warned');
  const { reference } = await shop.issue(aGift);
  const sale = { customerId: 'C-1', currency: 'USD', saleId: 'S-law', amountMinor: 700 };
  await shop.post(`/account-payments/${reference}/apply`, sale);
  await shop.post(`/account-payments/${reference}/expire`, { reason: 'asked for' });
  const at = '/sales/S-law/return';
  const form = await pages.get(at);
  const told = await pages.post(at, { ...fieldsOf(form), extent: 'everything', step: 'preview' });
  expect([told.status, told.text]).toEqual([200, expect.stringContaining('has no expiry date.')]);
  expect(told.text).toContain('The new payment would end earlier than that');
});
