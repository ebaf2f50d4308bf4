import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertCustomer } from '../../../db/customer/contacts.js';
import { putCustomer } from '../../../db/customer/customers.js';
import { apply } from '../../domain/payment/build.js';
import { openPages } from '../../support/pages.js';
import { openShop, type Shop } from '../../support/shop.js';
import { book, daysAgo, wordsOf } from './books.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
beforeAll(async () => {
  shop = await openShop({ worker: 'none' });
  pages = openPages(shop);
  const named: [string, string][] = [
    ['C-1', 'Ada Lovelace'],
    ['C-10', 'Jan Müller'],
    ['C-11', 'Anna Mueller'],
    ['Shop/0042', '<script>alert(1)</script>'],
    ['R-1', 'מרים כהן'],
    ['N-1', 'Gauss Carl'],
    ...Array.from({ length: 51 }, (_, i): [string, string] => [`many-${i}`, `Many ${i}`]),
  ];
  for (const [customerId, name] of named) await putCustomer(shop.sql, customerId, name);
  await insertCustomer(shop.sql, {
    customerId: 'T-1',
    name: 'Tess T',
    phone: '+49 (30) 123-45',
    email: 'Tess@b.example',
  });
  await insertCustomer(shop.sql, { customerId: 'T-2', name: 'Tess T', phone: null, email: 'other@b.example' });
  await book(shop, { reference: 'ACC-20261101-C1000000', customerId: 'C-1' });
  await book(shop, { reference: 'ACC-20261101-C1000001', customerId: 'C-10', currency: 'USD', amountMinor: 500 });
  const spent = apply('a', 2_500, { customerId: 'C-10' });
  await book(shop, { reference: 'ACC-20261101-C1000002', customerId: 'C-10' }, [[daysAgo(1), spent]]);
  await book(shop, { reference: 'ACC-20261101-W7700000', customerId: 'W-77' });
  await book(shop, { reference: 'ACC-20261101-Y2700000', customerId: 'Y-27' });
  // Both are there: each is meant by what is written on it.
  await book(shop, { reference: 'ACC-20261101-Y2800000', customerId: 'Y-28' });
  await book(shop, { reference: 'ACC-20261101-Z2800000', customerId: 'Z-28' });
});
afterAll(() => shop.close());

const search = (q: string) => pages.get(`/customers?${new URLSearchParams({ q }).toString()}`);

test.each<[q: string, customerId: string]>([
  ['ada', 'C-1'],
  ['LOVE a', 'C-1'],
  ['C-1', 'C-1'],
  [' c-1 ', 'C-1'],
  ['jan muell', 'C-10'],
  ['0042', 'Shop/0042'],
  ['כהן', 'R-1'],
  ['0049 30 12345', 'T-1'],
  ['tess@B.example', 'T-1'],
  ['W-77', 'W-77'],
  ['w-7', 'W-77'],
  ['acc 20261101 wZZ', ''],
  ['acc20261101-w77ooooo', 'W-77'],
  ['ACC-20261101-C1000001', 'C-10'],
  ['ACC-20261101-Y2700000', 'Y-27'],
  ['accß20261101ßz2700000', 'Y-27'],
  ['ACC-20261101-Z2800000', 'Z-28'],
])('searching for %s goes to %s at once', async (q, customerId) => {
  const { status, location } = await search(q);
  if (customerId === '') expect([status, location]).toEqual([200, null]);
  else expect([status, location]).toEqual([303, `/customers/${encodeURIComponent(customerId)}`]);
});

test('several are listed by name, each with what they have', async () => {
  const { root, status } = await search('muell');
  expect(status).toBe(200);
  const rows = root.querySelectorAll('tbody tr').map((row) => row.querySelectorAll('th,td').map((cell) => cell.text));
  expect(rows).toEqual([
    ['Anna Mueller', 'C-11', 'nothing'],
    ['Jan Müller', 'C-10', '€75.00US$5.00'],
  ]);
  expect(root.querySelectorAll('tbody a').map((link) => link.getAttribute('href'))).toEqual([
    '/customers/C-11',
    '/customers/C-10',
  ]);
});

test('two of one name can be told apart, in the list and on their pages', async () => {
  const { root } = await search('tess');
  const [one, other] = root.querySelectorAll('tbody th').map(wordsOf);
  expect([one, other]).toEqual(['Tess T +49 (30) 123-45 Tess@b.example', 'Tess T other@b.example']);
  const profile = await pages.get('/customers/T-1');
  expect(profile.text).toContain('+49 (30) 123-45');
  expect(profile.root.querySelectorAll('.notice li').map(wordsOf)).toEqual(['Tess T , T-2 other@b.example']);
});

test('more than can be shown say so', async () => {
  const { root, text } = await search('many');
  expect(root.querySelectorAll('tbody tr').length).toBe(50);
  expect(text).toContain('More than 50 customers');
});

test.each<[language: string, words: string]>([
  ['en-GB', 'Nobody was found for "Zuse".'],
  ['de-DE', 'Zu "Zuse" wurde niemand gefunden.'],
])('nobody is told in %s, and what to do next', async (language, words) => {
  const { text, root } = await pages.get('/customers?q=Zuse', { headers: { 'Accept-Language': language } });
  expect(text).toContain(words);
  expect(root.querySelector('.empty a')?.getAttribute('href')).toBe('/account-payments/new');
});

test.each([
  '',
  '%00',
  '%F0%9F%A6%84',
  '%25',
  '_',
  "'%3B--",
  '%3Cscript%3Ealert(1)%3C%2Fscript%3E%3Cb%3E',
  'a'.repeat(201),
])('what was typed is harmless: %s', async (q) => {
  const { status, root } = await pages.get(`/customers?q=${q}`);
  expect(status).toBe(200);
  expect(root.querySelectorAll('main script, main b').length).toBe(0);
  expect(root.querySelector('#q')?.getAttribute('value')).toBe(decodeURIComponent(q).slice(0, 200));
});

test('a name that is a script is a name', async () => {
  const { root } = await pages.get('/customers/Shop%2F0042');
  expect(root.querySelector('h1')?.text).toBe('<script>alert(1)</script>');
  expect(root.querySelectorAll('main script').length).toBe(0);
});

test.each<[role: 'cashier' | 'finance', ways: string[]]>([
  ['cashier', ['/till?customerId=C-1', '/account-payments/new?customerId=C-1', '/customers/C-1/statement']],
  ['finance', ['/customers/C-1/statement']],
])('%s sees the ways on that lead somewhere', async (role, ways) => {
  const { root } = await pages.get('/customers/C-1', { as: role });
  expect(root.querySelectorAll('main .actions .button').map((way) => way.getAttribute('href'))).toEqual(ways);
});

test.each(['/customers', '/customers/C-1', '/customers/C-1/balance.svg', '/customers/C-1/statement'])(
  '%s is for those who signed in',
  async (path) => {
    const reply = await shop.app.request(path);
    expect([reply.status, reply.headers.get('Location')]).toEqual([303, `/sign-in?to=${encodeURIComponent(path)}`]);
  },
);
