import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HTMLElement } from 'node-html-parser';
import { putCustomer } from '../../../db/customer/customers.js';
import { putProduct } from '../../../db/product/products.js';
import type { Command } from '../../../domain/payment/command.js';
import { apply, cancel, expire, freeze, hold, payOut, refund } from '../../domain/payment/build.js';
import { openPages } from '../../support/pages.js';
import { openShop, type Shop } from '../../support/shop.js';
import { book, daysAgo, instantAgo, wordsOf } from './books.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
const ref = (tail: string) => `ACC-20261101-${tail.padEnd(8, '0')}`;

beforeAll(async () => {
  shop = await openShop({ worker: 'none' });
  pages = openPages(shop);
  const { sql, shopId } = shop;
  await putCustomer(sql, 'C-1', 'Jan Müller');
  await putCustomer(sql, 'C-2', 'Mueller, Jan');
  await putCustomer(sql, 'C-3', 'Jan Peter Müller');
  await putCustomer(sql, 'new', 'Nobody Yet');
  await putProduct(sql, 'BIKE', 'Red <b>bike</b>');
  const here = { saleShopId: shopId };
  const of = { customerId: 'C-1' };
  await book(shop, { reference: ref('A'), ...of, issuedAt: instantAgo(30), expiresAt: instantAgo(-400) }, [
    [daysAgo(9), apply('a', 4_000, { ...here, saleId: 'S-1' })],
    [daysAgo(8), refund('r', 1_000, { ...here, saleId: 'S-1', reason: 'too <i>small</i>' })],
    [daysAgo(7), hold('h', 500, { ...here, saleId: 'S-2' })],
  ]);
  const bike = { scope: { type: 'product_specific', productId: 'BIKE' } } as const;
  await book(shop, { reference: ref('B'), ...of, ...bike, expiresAt: instantAgo(-40) }, [[daysAgo(2), freeze('f')]]);
  await book(shop, { reference: ref('Y'), ...of, currency: 'JPY', amountMinor: 700 });
  const ends: [string, number, Command][] = [
    ['E1', 1, apply('a', 10_000, { saleShopId: 'elsewhere', saleId: 'S-9' })],
    ['E2', 2, payOut('p', 10_000)],
    ['E3', 3, expire('e')],
    ['E4', 4, cancel('c', { disposition: 'forfeited', tender: undefined, reason: 'terms' })],
    ['E5', 5, cancel('c')],
    ['E6', 91, expire('e')],
  ];
  for (const [tail, days, command] of ends)
    await book(shop, { reference: ref(tail), ...of, issuedAt: instantAgo(100) }, [[daysAgo(days), command]]);
  await book(shop, { reference: ref('W'), customerId: 'W-77 x' });
  for (let i = 0; i < 2; i++) {
    const applies = Array.from(
      { length: 60 },
      (_, n) => [daysAgo(20) + n, apply(`a${n}`, 1, { ...here, saleId: `S-${n}` })] as const,
    );
    await book(shop, { reference: ref(`P${i}`), customerId: 'many', issuedAt: instantAgo(30) }, applies);
  }
});
afterAll(() => shop.close());

/** The table under a heading, row by row. */
function rowsUnder(root: HTMLElement, heading: string): string[][] {
  const title = root.querySelectorAll('h2').find((each) => each.text === heading);
  for (let next = title?.nextElementSibling; next && next.tagName !== 'H2'; next = next.nextElementSibling)
    if (next.tagName === 'TABLE')
      return next.querySelectorAll('tbody tr').map((row) => row.querySelectorAll('th,td').map(wordsOf));
  return [];
}

test('the totals tell what there is by currency, and what of it can be used', async () => {
  const { root, text } = await pages.get('/customers/C-1');
  expect(root.querySelector('h1')?.text).toBe('Jan Müller');
  expect(text).toContain('Customer number C-1');
  expect(root.querySelectorAll('.tile').map(wordsOf)).toEqual([
    '€170.00 €65.00 available €5.00 reserved',
    'JP¥700 JP¥700 available',
  ]);
});

test('active payments stand soonest expiry first, with what each is good for', async () => {
  const { root } = await pages.get('/customers/C-1');
  const rows = rowsUnder(root, 'Active payments');
  expect(rows.map(([reference, goodFor, , left]) => [reference, goodFor, left])).toEqual([
    [`${ref('B')} deposit`, 'one product only: Red <b>bike</b>', '€100.00 of €100.00'],
    [`${ref('A')} deposit`, 'any purchase', '€70.00 of €100.00'],
    [`${ref('Y')} deposit`, 'any purchase', 'JP¥700 of JP¥700'],
  ]);
  expect(rows.map((row) => row[4])).toEqual(['€0.00 frozen', '€65.00 €5.00 reserved', 'JP¥700']);
  expect(rows[2]?.[2]).toBe('without end');
  const meters = root
    .querySelectorAll('meter')
    .map((meter) => [meter.getAttribute('value'), meter.getAttribute('max')]);
  expect(meters).toEqual([
    ['10000', '10000'],
    ['7000', '10000'],
    ['700', '700'],
  ]);
});

test.each<[language: string, heading: string, whys: string[]]>([
  [
    'en-GB',
    'Ended lately',
    [
      'used up by sale S-9 (elsewhere)',
      'used up paid out: cash asked',
      'expired not used in time agreed',
      'cancelled the rest was forfeited terms',
      'cancelled paid out: cash cash',
    ],
  ],
  [
    'de-DE',
    'Kürzlich beendet',
    [
      'aufgebraucht durch Verkauf S-9 (elsewhere)',
      'aufgebraucht ausgezahlt: bar asked',
      'abgelaufen nicht rechtzeitig verwendet agreed',
      'storniert der Rest ist verfallen terms',
      'storniert ausgezahlt: bar cash',
    ],
  ],
])('what ended lately says why in %s', async (language, heading, whys) => {
  const { root } = await pages.get('/customers/C-1', { headers: { 'Accept-Language': language } });
  expect(rowsUnder(root, heading).map((row) => row[2])).toEqual(whys);
});

test('the history tells each usage with the balance before and after', async () => {
  const { root } = await pages.get('/customers/C-1');
  const rows = rowsUnder(root, 'Payment history').map(([, ...rest]) => rest);
  expect(rows).toEqual([
    [ref('E1'), 'used for S-9 (elsewhere)', '€100.00', '-€100.00', '€0.00'],
    [ref('A'), 'given back by S-1 too <i>small</i>', '€60.00', '+€10.00', '€70.00'],
    [ref('A'), 'used for S-1', '€100.00', '-€40.00', '€60.00'],
  ]);
  const links = root.querySelectorAll('main a[href^="/sales/"]').map((each) => each.getAttribute('href'));
  expect(new Set(links)).toEqual(new Set(['/sales/S-9?shop=elsewhere', '/sales/S-1']));
  expect(root.querySelectorAll('main i, main script').length).toBe(0);
});

const day = (days: number) => instantAgo(days).slice(0, 10);
test.each<[why: string, query: Record<string, string>, rows: number]>([
  ['of one payment', { payment: ref('A') }, 2],
  ['however its reference is typed', { payment: 'acc 20261101 aooooooo' }, 2],
  ["of another customer's payment", { payment: ref('W') }, 0],
  ['from a day', { from: day(4) }, 1],
  ['through a day', { to: day(4) }, 2],
  ['of a day that is long ago', { from: '1999-01-01', to: '1999-01-01' }, 0],
  ['of one payment through a day', { payment: ref('E1'), to: day(4) }, 0],
  ['from no place in particular', { before: 'x~y~z' }, 3],
])('the history can be asked for %s', async (_, query, rows) => {
  const { root, text, status } = await pages.get(`/customers/C-1?${new URLSearchParams(query).toString()}`);
  expect(status).toBe(200);
  expect(rowsUnder(root, 'Payment history').length).toBe(rows);
  expect(text.includes('Nothing was used in this selection.')).toBe(rows === 0);
});

test.each<[query: string, field: string, error: string]>([
  ['from=2026-02-30', 'from', 'This is no day of the calendar.'],
  ['to=%00', 'to', 'This is no day of the calendar.'],
  ['from=2026-02-03&to=2026-02-02', 'to', 'The last day is before the first.'],
  ['payment=ACC-1', 'payment', 'This is no reference of a payment.'],
])('%s is told beside its field', async (query, field, error) => {
  const { root, status } = await pages.get(`/customers/C-1?${query}`);
  expect(status).toBe(422);
  expect(root.querySelector(`.summary a[href="#${field}"]`)?.text).toBe(error);
  expect(root.querySelector(`#${field}-error`)?.text.trim()).toBe(error);
});

test('the history goes on page by page, each usage once', async () => {
  const seen: string[] = [];
  for (let path: string | undefined = '/customers/many?to=2999-01-01'; path !== undefined;) {
    const { root } = await pages.get(path);
    const rows = rowsUnder(root, 'Payment history');
    seen.push(...rows.map(([, reference, sale]) => `${reference} ${sale}`));
    const older = root.querySelectorAll('nav a').find((link) => link.text === 'Older');
    path = older?.getAttribute('href')?.replaceAll('&amp;', '&').replace('#history', '');
  }
  expect([seen.length, new Set(seen).size]).toEqual([120, 120]);
});

test.each<[customerId: string, others: string[]]>([
  ['C-1', ['/customers/C-2']],
  ['C-2', ['/customers/C-1']],
  ['C-3', []],
])('%s may be the same person as %s', async (customerId, others) => {
  const { root } = await pages.get(`/customers/${customerId}`);
  expect(root.querySelectorAll('.notice.amber a').map((link) => link.getAttribute('href'))).toEqual(others);
});

test.each<[path: string, status: number, words: string]>([
  ['/customers/W-77%20x', 200, 'No name is known of this customer yet'],
  ['/customers/new', 200, 'No active payments.'],
  ['/customers/nobody', 404, 'There is nothing here'],
  ['/customers/a%40b.example', 404, 'There is nothing here'],
  ['/customers/%00', 404, 'There is nothing here'],
  [`/customers/${'x'.repeat(129)}`, 404, 'There is nothing here'],
  ['/customers/nobody/statement', 404, 'There is nothing here'],
  ['/customers/new/balance.svg', 404, 'There is nothing here'],
])('%s: %d', async (path, status, words) => {
  const seen = await pages.get(path);
  expect(seen.status).toBe(status);
  expect(seen.text).toContain(words);
});

test('the balance over time is a picture for each currency, with its figures', async () => {
  const { root } = await pages.get('/customers/C-1');
  const [figure, ...others] = root.querySelectorAll('figure');
  expect(others.length).toBe(1);
  const sources = figure?.querySelectorAll('source').map((each) => each.getAttribute('media'));
  expect(sources).toEqual([
    '(max-width: 40rem) and (prefers-color-scheme: dark)',
    '(max-width: 40rem)',
    '(prefers-color-scheme: dark)',
  ]);
  const figures = figure?.querySelectorAll('tbody tr').map((row) => row.querySelectorAll('td').map(({ text }) => text));
  expect(figures?.[0]?.[1]).toBe('€170.00');
  expect(figures?.slice(0, 2).map(([change]) => change)).toEqual(['-€100.00', '-€100.00']);
});

test.each<[query: string, paper: string]>([
  ['', '#ffffff'],
  ['?theme=dark', '#1b2220'],
  ['?theme=<b>&size=huge&currency=JPY', '#ffffff'],
])('the picture %s is a document of its own that nobody keeps', async (query, paper) => {
  const { status, headers, root } = await pages.get(`/customers/C-1/balance.svg${query}`);
  expect(status).toBe(200);
  expect(headers.get('Content-Type')).toBe('image/svg+xml; charset=utf-8');
  expect(headers.get('Content-Security-Policy')).toBe("default-src 'none'; style-src 'unsafe-inline'");
  expect(headers.get('Cache-Control')).toBe('no-store');
  expect(root.querySelector('svg rect')?.getAttribute('fill')).toBe(paper);
});

test('there is no picture of a currency that the customer never had', async () => {
  expect((await pages.get('/customers/C-1/balance.svg?currency=USD')).status).toBe(404);
});

test('whoever has very many sees the first of them, and the way to all', async () => {
  const customerId = 'many';
  for (let i = 0; i < 201; i++) await book(shop, { reference: ref(`M${String(i).padStart(3, '0')}`), customerId });
  const { root, text } = await pages.get(`/customers/${customerId}`);
  expect(root.querySelector('.customer-fold')?.querySelectorAll('tbody tr')).toHaveLength(200);
  expect(text).toContain('The first 200 are shown here.');
  const all = root.querySelector('a[href^="/account-payments?customerId=many"]')?.getAttribute('href');
  expect(all).toBe('/account-payments?customerId=many&status=active');
  expect((await pages.get(all ?? '')).status).toBe(200);
});
