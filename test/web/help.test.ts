import { afterAll, beforeAll, expect, test } from 'vitest';
import { helpSectionOf, helpSections } from '../../web/help/sections.js';
import { openPages } from '../support/pages.js';
import { openShop, type Shop } from '../support/shop.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
beforeAll(async () => {
  shop = await openShop({ worker: 'none' });
  pages = openPages(shop);
});
afterAll(() => shop.close());

test.each([
  ['en-GB', 'Using them at the till'],
  ['de-DE', 'An der Kasse verwenden'],
])('the manual stands in %s, each chapter at its own address', async (language, till) => {
  const { root } = await pages.get('/help', { as: 'cashier', headers: { 'Accept-Language': language } });
  expect(root.querySelectorAll('h2').map((each) => each.id)).toEqual([...helpSections]);
  expect(root.querySelector('#till')?.text).toBe(till);
});

test.each([
  ['/account-payments', 'what'],
  ['/account-payments/new', 'creating'],
  ['/account-payments/ACC-20260101-00000000', 'lifecycle'],
  ['/account-payments/ACC-20260101-00000000/refund', 'refunds'],
  ['/account-payments/ACC-20260101-00000000/extend', 'expiration'],
  ['/till', 'till'],
  ['/sales/S-1', 'refunds'],
  ['/customers/C-1', 'customers'],
  ['/settings/staff', 'what'],
])('from %s help leads to the chapter %s', (path, section) => {
  expect(helpSectionOf(path)).toBe(section);
});
