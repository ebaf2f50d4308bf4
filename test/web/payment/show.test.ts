import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listOpenHolds } from '../../../db/payment/openHolds.js';
import type { SaleView } from '../../../domain/sale/sale.js';
import { createFormats } from '../../../web/formats.js';
import { inWords } from '../../../web/payment/until.js';
import { openPages } from '../../support/pages.js';
import { openShop, until, type Shop } from '../../support/shop.js';
import { shownState } from './asStaff.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
beforeAll(async () => {
  shop = await openShop();
  pages = openPages(shop);
});
afterAll(() => shop.close());

const at = (reference: string) => `/account-payments/${reference}`;
const german = { headers: { 'Accept-Language': 'de-DE' } };
const apply = (reference: string, saleId: string, amountMinor: number, customerId = 'C-1') =>
  shop.post(
    `/account-payments/${reference}/apply`,
    { customerId, amountMinor, currency: 'EUR', saleId, staffId: 'S-7' },
    { key: shop.keys.till },
  );
const entries = (root: Awaited<ReturnType<typeof pages.get>>['root']) =>
  root.querySelectorAll('.timeline li').map((each) => each.structuredText.replace(/\s+/g, ' '));

test('what was refused after its end stands in the history too', async () => {
  const { reference } = await shop.issue();
  await until(async () => (await shop.post(`/account-payments/${reference}/expire`, { reason: 'x' })).status === 200);
  // Until its workflow has closed it remembers its refusals itself.
  await until(async () => {
    expect(await apply(reference, 'S-late', 100)).toMatchObject({ status: 409 });
    const late = await shop.sql`
      select from request_keys where reference = ${reference} and outcome_code is not null`;
    return late.length > 0;
  });
  const [newest] = entries((await pages.get(at(reference))).root);
  expect(newest).toContain('Something was asked after its end refused');
  expect(newest).toContain('This account payment has expired.');
  expect(newest).toContain('till-1');
  const older = await pages.get(`${at(reference)}?before=9`);
  expect(older.text).not.toContain('Something was asked after its end');
});

test('state, names, sales and the whole history, refusals too, in the words of the reader', async () => {
  const name = '<script>alert(1)</script>';
  await shop.request('PUT', '/customers/C-odd', { body: { name } });
  await shop.request('PUT', '/products/BIKE-7', { body: { name: 'دراجة' } });
  const bike = { customerId: 'C-odd', type: 'product_specific', productId: 'BIKE-7' };
  const { reference } = await shop.issue({ ...bike, funding: 'paid', tender: 'card' });
  const { reference: generic } = await shop.issue({ customerId: 'C-odd', validThrough: '2040-12-31' });
  await apply(generic, 'Shop/0042', 2_500, 'C-odd');
  expect(await apply(generic, 'S-2', 9_999, 'C-odd')).toMatchObject({ status: 409 });

  const first = await pages.get(at(reference));
  expect(first.status).toBe(200);
  expect(first.root.querySelectorAll('script:not([src])')).toEqual([]);
  expect(first.root.querySelector('a[href="/customers/C-odd"]')?.text).toBe(name);
  expect(first.root.querySelector('.acts a')?.getAttribute('href')).toBe('/till?customerId=C-odd');
  for (const words of ['دراجة', 'without end', 'paid, card', 'No sale has used it yet'])
    expect(first.text).toContain(words);

  const english = await until(async () => {
    const seen = await pages.get(at(generic));
    return seen.root.querySelector('.timeline li.refused') !== null && seen;
  });
  const words = ['€75.00 of €100.00 left', 'Valid through 31 Dec 2040', 'any purchase', 'deposit'];
  for (const each of words) expect(english.text).toContain(each);
  expect(english.root.querySelector('meter')?.getAttribute('value')).toBe('7500');
  expect(english.root.querySelector('a[href="/sales/Shop%2F0042"]')).not.toBeNull();
  const [refused, spent, issued, ...more] = entries(english.root);
  expect(more).toEqual([]);
  expect(refused).toContain('Spent refused The available balance is smaller than that. Sale S-2 · for €99.99');
  expect(spent).toContain('Spent -€25.00 Balance €100.00 → €75.00 Sale Shop/0042');
  expect(spent).toMatch(/· till-1, for S-7 · shop-/);
  expect(issued).toContain('Issued +€100.00 Balance €0.00 → €100.00');

  const inGerman = await pages.get(at(generic), german);
  for (const each of [
    '75,00 € von 100,00 € übrig',
    'Gültig bis 31.12.2040',
    'abgelehnt',
    'So viel ist nicht verfügbar.',
  ])
    expect(inGerman.text).toContain(each);
});

test('a reference is read however it is typed, Y and Z exchanged too, and what does not exist is not found', async () => {
  const references: string[] = [];
  while (!references.some((each) => /[YZ]/.test(each))) references.push((await shop.issue()).reference);
  const reference = references.at(-1) ?? '';
  const exchanged = reference.replace(/[YZ]/g, (letter) => (letter === 'Y' ? 'Z' : 'Y'));
  expect((await pages.get(at(reference.toLowerCase().replaceAll('-', '')))).text).toContain(reference);
  const led = await pages.get(at(exchanged));
  expect(led).toMatchObject({ status: 302, location: `${at(reference)}?instead=${exchanged}` });
  expect((await pages.get(led.location ?? '')).text).toContain(`There is no ${exchanged}.`);
  for (const unknown of ['ACC-20200101-00000000', 'ACC-20200101-0000000Y', 'nothing'])
    expect((await pages.get(at(unknown))).status, unknown).toBe(404);
});

test('what is held is shown with its sale, its till and until when the sale holds it', async () => {
  const { reference } = await shop.issue();
  const basket = { customerId: 'C-1', currency: 'EUR', lines: [{ productId: 'bike', amountMinor: 6_000 }] };
  const held = await shop.post<{ sale: SaleView }>(
    '/sales/S-held/hold',
    { ...basket, payments: [{ reference, amountMinor: 6_000 }] },
    { key: shop.keys.till },
  );
  const { root, text } = await pages.get(at(reference));
  const row = root.querySelector('table tbody tr')?.structuredText.replace(/\s+/g, ' ');
  const { instant } = createFormats('en-GB', 'Europe/Berlin');
  const { holdExpiresAt } = held.body.sale;
  // The payment heard of it a moment later.
  const soonAfter = new Date(Date.parse(holdExpiresAt) + 60_000).toISOString();
  expect([instant(holdExpiresAt), instant(soonAfter)].some((each) => row?.includes(each))).toBe(true);
  for (const each of ['Sale S-held', '€60.00', 'till-1']) expect(row).toContain(each);
  expect(text).toContain('Available €40.00');
});

type Told = Record<string, unknown>;
const sold = { customerId: 'C-1', currency: 'EUR', saleId: 'S-1' };
const holdOf = (commandId: string, amountMinor: number, more: Told = {}): Told => {
  return { kind: 'hold', commandId, ...sold, amountMinor, lifetimeMs: 3_600_000, ...more };
};
const LATER = '2041-01-01T00:00:00.000Z';
const capture = (holdId: string, amountMinor: number, more: Told = {}): Told => {
  return { kind: 'capture', commandId: randomUUID(), holdId, saleId: 'S-1', amountMinor, ...more };
};

test.each<[string, Told[], (number | string)[][]]>([
  ['one', [holdOf('a', 100)], [['a', 100]]],
  [
    'two, one let go',
    [holdOf('a', 100), holdOf('b', 50), { kind: 'release', commandId: 'r', holdId: 'a' }],
    [['b', 50]],
  ],
  ['resized', [holdOf('a', 100), holdOf('b', 40, { resizes: 'a' })], [['a', 40]]],
  ['captured', [holdOf('a', 100), capture('a', 60)], []],
  ['captured in part', [holdOf('a', 100), capture('a', 60, { heldUntil: LATER })], [['a', 40, LATER]]],
  [
    'captured in part, then all',
    [holdOf('a', 100), capture('a', 60, { heldUntil: LATER }), capture('a', 40, { heldUntil: LATER })],
    [],
  ],
  [
    'captured in part, then resized',
    [holdOf('a', 100), capture('a', 60, { heldUntil: LATER }), holdOf('b', 70, { resizes: 'a' })],
    [['a', 70]],
  ],
  ['refused', [holdOf('a', 100), holdOf('b', 99_999)], [['a', 100]]],
])('the books tell of open holds as the payment does: %s', async (_, commands, open) => {
  const { reference } = await shop.issue();
  for (const { kind, ...message } of commands) {
    const command = { ...message, commandId: String(message['commandId']) };
    await shop.tell(reference, kind as 'hold', { ...command, ...('saleId' in message && { saleShopId: shop.shopId }) });
  }
  const { heldMinor, revision } = await shownState(shop, reference);
  expect(await shop.parts.untilRecorded({ reference, revision }, 30_000)).toBe(true);
  const rows = await listOpenHolds(shop.sql, reference);
  expect(rows.map(({ holdId, amountMinor, expiresAt }) => [holdId, amountMinor, expiresAt])).toEqual(
    open.map(([holdId, amountMinor, until = expect.any(String) as string]) => [holdId, amountMinor, until]),
  );
  expect(rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(heldMinor);
});

test('a long history has pages', async () => {
  const { reference } = await shop.issue();
  for (let i = 0; i < 52; i++) await apply(reference, `S-${i}`, 1);
  const first = await pages.get(at(reference));
  expect(entries(first.root)).toHaveLength(50);
  const older = first.root.querySelector('nav[aria-label="More of the history"] a')?.getAttribute('href') ?? '';
  const second = await pages.get(older.replace('#history', ''));
  expect(entries(second.root)).toHaveLength(3);
  expect(entries(second.root).at(-1)).toContain('Issued');
  expect(second.text).toContain('The newest');
});

test('notes are shown to all as they were typed, and changed by a manager', async () => {
  const { reference } = await shop.issue();
  const note = (notes: string, as: 'manager' | 'cashier' = 'manager') =>
    pages.post(`${at(reference)}/notes`, { notes }, { as });
  const gifts = '🎁'.repeat(2_000);
  for (const notes of [gifts, '<img src=x onerror=alert(1)>', 'שלום\r\nfor Ann', '']) {
    const saved = await note(notes);
    expect(saved.status, saved.text).toBe(303);
    const { root, text } = await pages.get((saved.location ?? '').replace(/#.*/, ''), { as: 'cashier' });
    expect(root.querySelectorAll('main img')).toEqual([]);
    const [row] = await shop.sql<{ notes: string | null }[]>`
      select notes from account_payments where reference = ${reference}`;
    expect(row?.notes).toBe(notes === '' ? null : notes.replaceAll('\r\n', '\n'));
    expect(text).toContain(notes === '' ? 'Nobody has noted anything.' : 'The notes are saved.');
    expect(root.querySelector('textarea')).toBeNull();
  }
  const tooLong = await note(`${gifts}!`);
  expect(tooLong.status).toBe(422);
  expect(tooLong.root.querySelector('textarea')?.text.trim()).toBe(`${gifts}!`);
  expect((await note('x', 'cashier')).status).toBe(403);
});

test('admins, and nobody else, are shown the way to the workflow', async () => {
  const { reference } = await shop.issue();
  const way = async (as: 'admin' | 'manager') =>
    (await pages.get(at(reference), { as })).root
      .querySelectorAll('main a')
      .map((each) => each.getAttribute('href') ?? '')
      .filter((href) => href.endsWith(`/namespaces/default/workflows/${reference}`));
  expect(await way('admin')).toHaveLength(1);
  expect(await way('manager')).toEqual([]);
});

test.each([
  ['2026-11-29', 'today', 'heute'],
  ['2026-11-30', 'tomorrow', 'morgen'],
  ['2026-12-11', 'in 12 days', 'in 12 Tagen'],
  ['2026-11-17', '12 days ago', 'vor 12 Tagen'],
  ['2027-11-29', 'in 12 months', 'in 12 Monaten'],
  ['2036-11-29', 'in 10 years', 'in 10 Jahren'],
])('%s is %s, %s', (day, english, inGerman) => {
  expect(inWords(day, '2026-11-29', 'en-GB')).toBe(english);
  expect(inWords(day, '2026-11-29', 'de-DE')).toBe(inGerman);
});
