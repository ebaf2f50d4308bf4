import { afterAll, beforeAll, expect, test } from 'vitest';
import { putProduct } from '../../../db/product/products.js';
import { openPages, type Seen } from '../../support/pages.js';
import { openShop, until, type Shop } from '../../support/shop.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
let nowMs = Date.now();
beforeAll(async () => {
  shop = await openShop({ now: () => nowMs });
  pages = openPages(shop);
  await putProduct(shop.sql, 'BIKE-7', '<b>Touring</b> bike');
});
afterAll(() => shop.close());

const slipOf = (reference: string, query = '') => `/account-payments/${reference}/slip${query}`;

const isCopy = ({ root }: Seen) => root.querySelector('.copy') !== null;
const papersOf = ({ root }: Seen) => root.querySelectorAll('.papers a').map((each) => each.getAttribute('href') ?? '');

test('the first slip is one, on whichever paper, and whatever is opened again is a copy', async () => {
  const { reference } = await shop.issue({ amountMinor: 123_450 });
  const first = await pages.get(slipOf(reference, '?first=0'), { as: 'cashier' });
  expect([first.status, isCopy(first)]).toEqual([200, false]);
  expect(first.text).toContain('Done, and in the books.');
  expect(papersOf(first)).toEqual(['58', '80', 'a4'].map((paper) => slipOf(reference, `?paper=${paper}&first=1`)));

  const again = await pages.get(slipOf(reference, '?first=0'));
  expect(again.root.querySelector('.copy')?.text).toMatch(/^Copy, printed /);
  expect(again.text).toContain('Done, and in the books.');
  const narrow = await pages.get(papersOf(first)[0] ?? '');
  expect(isCopy(narrow)).toBe(false);
  expect(isCopy(await pages.get(papersOf(first)[0] ?? ''))).toBe(true);
  expect(isCopy(await pages.get(papersOf(first)[2] ?? ''))).toBe(true);
  expect(isCopy(await pages.get(papersOf(narrow)[2] ?? ''))).toBe(false);

  const copy = await pages.get(slipOf(reference));
  expect([isCopy(copy), copy.root.querySelector('.notice')]).toEqual([true, null]);
  expect(papersOf(copy)).toEqual(['58', '80', 'a4'].map((paper) => slipOf(reference, `?paper=${paper}`)));
});

test.each(['', '-1', '1e3', '99999999999', 'x'])(
  'a slip of which %j says that it is the first is a copy',
  async (first) => {
    const { reference } = await shop.issue();
    expect(isCopy(await pages.get(slipOf(reference, `?first=${first}`)))).toBe(true);
  },
);

test('of two that open the first slip at once one has a copy; and nobody has it a quarter of an hour later', async () => {
  const [{ reference }, late] = await Promise.all([shop.issue(), shop.issue()]);
  const both = await Promise.all([1, 2].map(() => pages.get(slipOf(reference, '?first=0'))));
  expect(both.map(isCopy).sort()).toEqual([false, true]);
  nowMs += 16 * 60_000;
  expect(isCopy(await pages.get(slipOf(late.reference, '?first=0')))).toBe(true);
});

test('what became of the issue is told with its slip', async () => {
  const { reference } = await shop.issue();
  expect((await pages.get(slipOf(reference, '?first=0&done=no'))).text).toContain('still on its way into the books');
  const before = await pages.get(slipOf(reference, '?first=0&done=before'));
  expect([before.text.includes('Nothing was done twice.'), isCopy(before)]).toEqual([true, true]);
});

const facts: [locale: string, of: Record<string, unknown>, told: string[]][] = [
  [
    'en-GB',
    { amountMinor: 123_450 },
    ['Amount €1,234.50', 'Valid through without end', 'Good for any purchase', 'Shops Ltd'],
  ],
  ['de-DE', { amountMinor: 123_450 }, ['Betrag 1.234,50 €', 'Gültig bis unbegrenzt', 'Gilt für jeden Einkauf']],
  ['en-GB', { validThrough: '2040-12-31' }, ['Valid through 31 Dec 2040']],
  ['en-GB', { amountMinor: 5, currency: 'JPY' }, ['Amount JP¥5']],
  ['en-GB', { type: 'product_specific', productId: 'BIKE-7' }, ['Good for only <b>Touring</b> bike']],
  ['en-GB', { type: 'product_specific', productId: 'OTHER' }, ['Good for only OTHER']],
];

test.each(facts)('in %s a slip of %j tells %j', async (locale, of, told) => {
  const { reference } = await shop.issue(of);
  const { text, root } = await pages.get(slipOf(reference), { headers: { 'Accept-Language': locale } });
  for (const each of [reference, ...told]) expect(text.replaceAll('\u00a0', ' ')).toContain(each);
  expect(root.querySelector('.slip b')).toBeNull();
});

const later: [what: string, act: string, body: Record<string, unknown>, balance: string, standing?: string][] = [
  ['spent in part', 'apply', { amountMinor: 2_500, currency: 'EUR', saleId: 'S-1' }, '€75.00'],
  ['used', 'apply', { amountMinor: 10_000, currency: 'EUR', saleId: 'S-2' }, '€0.00', 'used up'],
  ['frozen', 'freeze', { reason: 'lost' }, '€100.00', 'frozen'],
  ['expired', 'expire', { reason: 'asked' }, '€0.00', 'expired'],
  ['cancelled', 'cancel', { disposition: 'forfeited', reason: 'asked' }, '€0.00', 'cancelled'],
];

test.each(later)('what is %s is told with its balance of now', async (_, act, body, balance, standing) => {
  const { reference, customerId } = await shop.issue();
  const named = ['freeze', 'expire'].includes(act) ? body : { ...body, customerId };
  expect(await shop.post(`/account-payments/${reference}/${act}`, named)).toMatchObject({ status: 200 });
  const { root } = await pages.get(slipOf(reference));
  const told = root.querySelectorAll('.slip dd').map(({ text }) => text);
  expect(told[0]).toBe('€100.00');
  expect(told[1]).toBe(balance);
  expect(root.querySelector('.standing')?.text).toBe(standing);
});

const codes: [path: string, widthMm: number, heightMm: number][] = [
  ['barcode.svg', 60.5, 12.25],
  ['barcode.svg?turned', 12.25, 60.5],
  ['qr.svg', 21.75, 21.75],
];

test.each(codes)('%s is drawn in whole dots of a printer, as large as it has to be', async (path, width, height) => {
  const draw = async (reference: string) => {
    const cookie = { Cookie: await shop.staffCookie('cashier') };
    return shop.app.request(`/account-payments/${reference}/${path}`, { headers: cookie });
  };
  const response = await draw('ACC-20261129-AB3DEF7H');
  expect(response.headers.get('Content-Type')).toBe('image/svg+xml');
  const svg = await response.text();
  expect(svg).toContain(`width="${width}mm" height="${height}mm"`);
  expect(await (await draw('acc 2o261129 ab3def7h')).text()).toBe(svg);
  expect(await (await draw('ACC-20261129-AB3DEF7J')).text()).not.toBe(svg);
  expect((await draw('ACC-1')).status).toBe(404);
});

test.each([
  ['80', 'barcode.svg'],
  ['58', 'barcode.svg?turned'],
  ['a4', 'barcode.svg'],
])('paper of %s has %s', async (paper, picture) => {
  const { reference } = await shop.issue();
  await until(async () => (await shop.get(`/account-payments/${reference}`)).status === 200);
  const { root } = await pages.get(slipOf(reference, `?paper=${paper}`));
  expect(root.querySelector(`.slip.paper-${paper} .codes img`)?.getAttribute('src')).toBe(
    `/account-payments/${reference}/${picture}`,
  );
});

test('a slip is found however its reference is typed, and only by who is signed in', async () => {
  const { reference } = await shop.issue();
  expect((await pages.get(slipOf(reference.toLowerCase().replaceAll('-', '')))).text).toContain(reference);
  expect((await pages.get(slipOf('ACC-20200101-00000000'))).status).toBe(404);
  expect((await pages.get(slipOf('nonsense'))).status).toBe(404);
  const stranger = await shop.app.request(slipOf(reference));
  expect([stranger.status, stranger.headers.get('Location')]).toEqual([
    303,
    `/sign-in?to=${encodeURIComponent(slipOf(reference))}`,
  ]);
});
