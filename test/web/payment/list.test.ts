import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCalendar, daysAfter } from '../../../domain/instants.js';
import { openPages, type Seen } from '../../support/pages.js';
import { aDeposit, openShop, type Shop } from '../../support/shop.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
const script = '<script>alert(1)</script>';
const rightToLeft = 'سارة الأحمد';
const emoji = '🦄'.repeat(2_000);
const today = createCalendar('Europe/Berlin').dayAt(Date.now());
const soon = daysAfter(today, 10);

/** By name, what was issued. */
const issued: Record<string, string> = {};
const issue = async (name: string, body: object) => (issued[name] = (await shop.issue({ ...body })).reference);
const send = async (name: string, verb: string, body: object) =>
  expect(await shop.post(`/account-payments/${issued[name]}/${verb}`, body)).toMatchObject({ status: 200 });

beforeAll(async () => {
  shop = await openShop();
  pages = openPages(shop);
  await issue('plain', { customerId: 'A-1', notes: emoji, staffId: 'anna' });
  const forBike = { customerId: 'B-2', type: 'product_specific', productId: 'BIKE-7', validThrough: soon };
  await issue('bike', { ...forBike, amountMinor: 20_000, purpose: 'prepayment' });
  await issue('frozen', { customerId: 'A-1', currency: 'JPY', amountMinor: 5_000 });
  await issue('held', { customerId: 'D-4', amountMinor: 30_000 });
  await issue('used', { customerId: 'D-4', amountMinor: 1_000 });
  await issue('cancelled', { customerId: 'E-5', amountMinor: 4_000 });
  await shop.request('PUT', '/customers/A-1', { body: { name: script } });
  await shop.request('PUT', '/customers/B-2', { body: { name: rightToLeft } });
  await shop.request('PUT', '/products/BIKE-7', { body: { name: 'Touring bike' } });
  const bike = { currency: 'EUR', lines: [{ productId: 'BIKE-7', amountMinor: 20_000 }] };
  await send('bike', 'apply', { ...bike, customerId: 'B-2', amountMinor: 5_000, saleId: 'S-1' });
  await send('used', 'apply', { customerId: 'D-4', currency: 'EUR', amountMinor: 1_000, saleId: 'S-2' });
  await send('frozen', 'freeze', { reason: 'asked by phone' });
  await send('cancelled', 'cancel', { reason: 'wrong', disposition: 'forfeited', customerId: 'E-5' });
  const basket = { customerId: 'D-4', currency: 'EUR', lines: [{ productId: 'x', amountMinor: 10_000 }] };
  const hold = { ...basket, payments: [{ reference: issued['held'], amountMinor: 10_000 }] };
  expect(await shop.post('/sales/S-3/hold', hold)).toMatchObject({ status: 200 });
});
afterAll(() => shop.close());

const list = (search = '') => pages.get(`/account-payments${search}`);
const referencesOf = ({ root }: Seen) =>
  root.querySelectorAll('tbody a.reference').map(({ textContent }) => textContent.trim());
const named = (references: readonly string[]) =>
  references.map((reference) => Object.keys(issued).find((name) => issued[name] === reference));
/** What stands in each of its parts, apart. */
const textOf = (cell: Seen['root']) =>
  cell.childNodes
    .map(({ text }) => text.trim())
    .filter((text) => text !== '')
    .join(' ');
const rowOf = (seen: Seen, name: string) => {
  const row = seen.root
    .querySelectorAll('tbody tr')
    .find(({ textContent }) => textContent.includes(issued[name] ?? ''));
  const cells = row?.querySelectorAll('td > div').map(textOf) ?? [];
  return { row, cells };
};

test('each payment is told with whose it is, what it is for, what is left of it, and who made it', async () => {
  const seen = await list();
  expect(seen.status).toBe(200);
  expect(seen.root.querySelector('h1')?.textContent).toBe('Sales › Customer Account Payments');
  expect(named(referencesOf(seen))).toEqual(['cancelled', 'used', 'held', 'frozen', 'bike', 'plain']);

  const [customer, type, amount, balance, status, valid, created] = rowOf(seen, 'bike').cells;
  expect(customer).toBe(`${rightToLeft} B-2`);
  expect(type).toBe('one product only Touring bike BIKE-7');
  expect(amount).toBe('€200.00');
  expect(balance).toMatch(/^€150\.00 .*€50\.00 used$/);
  expect(status).toBe('active');
  expect(valid).toBe(
    new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' }).format(Date.parse(soon)),
  );
  expect(created).toMatch(/ by admin-1$/);
  const meter = rowOf(seen, 'bike').row?.querySelector('meter');
  expect(meter?.attributes).toMatchObject({ max: '20000', value: '5000', 'aria-label': '€50.00 of €200.00 used' });

  expect(rowOf(seen, 'plain').cells[0]).toBe(`${script} A-1`);
  expect(rowOf(seen, 'plain').cells.slice(5)).toEqual(['without end', expect.stringMatching(/ by anna at admin-1$/)]);
  expect(rowOf(seen, 'frozen').cells.slice(2, 5)).toEqual([
    'JP¥5,000',
    expect.stringContaining('JP¥5,000'),
    expect.stringMatching(/^active ?frozen$/),
  ]);
  expect(rowOf(seen, 'held').cells[3]).toMatch(/€100\.00 held$/);
  expect(rowOf(seen, 'used').cells[4]).toBe('used up');
  expect(rowOf(seen, 'cancelled').cells[3]).toMatch(/^€0\.00 .*€0\.00 used €40\.00 left when it ended$/);
  expect(seen.root.querySelectorAll('script:not([src])')).toEqual([]);
});

test('in German everything is German, money and days too', async () => {
  const seen = await pages.get('/account-payments', { headers: { 'Accept-Language': 'de-DE' } });
  expect(seen.root.querySelector('h1')?.textContent).toBe('Verkauf › Kundenguthaben');
  expect(rowOf(seen, 'frozen').cells[4]).toMatch(/^aktiv ?gesperrt$/);
  expect(rowOf(seen, 'plain').cells[2]).toBe('100,00\u00a0€');
  expect(rowOf(seen, 'plain').cells[5]).toBe('unbegrenzt');
  expect(seen.text).not.toMatch(/\b(Customer|Balance|Amount|Show|Sorted|Created)\b/);
});

const filters: readonly (readonly [search: string, names: string[]])[] = [
  ['?status=used', ['used']],
  ['?status=used&status=cancelled', ['cancelled', 'used']],
  ['?customerId=A-1', ['frozen', 'plain']],
  ['?type=product_specific', ['bike']],
  ['?type=product_specific&type=generic&customerId=B-2', ['bike']],
  ['?productId=BIKE-7', ['bike']],
  ['?purpose=prepayment', ['bike']],
  ['?currency=JPY', ['frozen']],
  ['?only=frozen', ['frozen']],
  ['?only=held', ['held']],
  ['?only=held&only=frozen', []],
  ['?createdBy=anna', ['plain']],
  ['?createdBy=admin-1&customerId=A-1', ['frozen', 'plain']],
  ['?amountFrom=200.00&amountThrough=200.00', ['bike']],
  ['?amountFrom=5000&currency=JPY', ['frozen']],
  ['?balanceFrom=150.00', ['held', 'bike']],
  ['?balanceThrough=100.00&status=active', ['plain']],
  [`?validFrom=${soon}`, ['bike']],
  [`?validFrom=${daysAfter(soon, 1)}`, []],
  [`?validThrough=${soon}`, ['bike']],
  [`?validThrough=${daysAfter(soon, -1)}`, []],
  [`?issuedFrom=${today}&customerId=A-1`, ['frozen', 'plain']],
  [`?issuedFrom=${daysAfter(today, 2)}`, []],
  [`?issuedThrough=${daysAfter(today, -2)}`, []],
  ['?shopId=elsewhere', []],
  ['?q=touring', ['bike']],
  ['?q=bike-7', ['bike']],
  ['?q=bi', ['bike']],
  ['?q=ik', []],
  ['?q=script', ['frozen', 'plain']],
  [`?q=${encodeURIComponent('سارة')}`, ['bike']],
  [`?q=${encodeURIComponent('🦄🦄')}`, ['plain']],
  ['?q=%25', []],
  ['?q=_', []],
  ['?q=-', ['cancelled', 'used', 'held', 'frozen', 'bike', 'plain']],
  ['?sort=amountMinor&currency=EUR', ['used', 'cancelled', 'plain', 'bike', 'held']],
  ['?sort=-balanceMinor&currency=EUR&status=active', ['held', 'bike', 'plain']],
];

test.each(filters)('%s shows only what it asks for', async (search, names) => {
  const seen = await list(search);
  expect({ status: seen.status, names: named(referencesOf(seen)) }).toEqual({ status: 200, names });
  const told = names.length === 0 ? 'Take a filter away' : undefined;
  if (told !== undefined) expect(seen.text).toContain(told);
});

test('each filter that is on is told, with a way to the list without it', async () => {
  const seen = await list(
    `?status=active&only=frozen&issuedFrom=${today}&sort=customerName&amountFrom=50&currency=JPY`,
  );
  const chips = seen.root.querySelectorAll('a.chip');
  expect(chips.map(({ structuredText }) => structuredText.trim())).toEqual([
    'Status: active',
    'Only those that are: frozen',
    expect.stringContaining('Created on this day or later: '),
    'Amount from: 50',
    'Currency: JPY',
  ]);
  const [first] = chips;
  expect(first?.getAttribute('href')?.replaceAll('&amp;', '&')).toBe(
    `/account-payments?only=frozen&issuedFrom=${today}&sort=customerName&amountFrom=50&currency=JPY`,
  );
  const checked = seen.root.querySelectorAll('form.filters input[checked]');
  expect(checked.map((input) => input.getAttribute('value'))).toEqual(['active', 'frozen']);
});

test('what means nothing in an address is left out and told of', async () => {
  const search = '?status=frozenn&customerId=A-1&after=x&utm=%3Cb%3E&amountFrom=-1&validFrom=2026-02-31';
  const seen = await list(search);
  expect(seen.status).toBe(200);
  expect(named(referencesOf(seen))).toEqual(['frozen', 'plain']);
  const told = seen.root.querySelectorAll('.notice li').map(({ structuredText }) => structuredText);
  expect(told).toEqual([
    'Status: frozenn',
    'after: x',
    'utm: <b>',
    'Amount from: -1',
    'Good until this day or later: 2026-02-31',
  ]);
});

test('what a form adds without saying anything does not stay in the address', async () => {
  const seen = await list('?q=+x+&status=used&customerId=&sort=-issuedAt&amountFrom=1,5');
  expect([seen.status, seen.location]).toEqual([303, '/account-payments?q=x&status=used&amountFrom=1.50']);
});

describe('each tile tells how many its list has', () => {
  const tiles: readonly (readonly [text: string, figure: string, names: string[]])[] = [
    ['outstanding in EUR', '€550.00', ['held', 'bike', 'plain']],
    ['outstanding in JPY', 'JP¥5,000', ['frozen']],
    ['active', '4', ['held', 'frozen', 'bike', 'plain']],
    ['held now', '1', ['held']],
    ['expiring in 30 days', '1', ['bike']],
    ['frozen', '1', ['frozen']],
  ];
  test.each(tiles)('%s: %s', async (text, figure, names) => {
    const tile = (await list()).root
      .querySelectorAll('.tile')
      .find((each) => each.querySelector('span')?.textContent === text);
    expect(tile?.querySelector('b')?.textContent).toBe(figure);
    const href = tile?.getAttribute('href')?.replaceAll('&amp;', '&') ?? '';
    expect(named(referencesOf(await pages.get(href)))).toEqual(names);
  });
  test('available is what can be spent', async () => {
    const { text } = await list();
    expect(text).toContain('€450.00 of it available');
    expect(text).toContain('JP¥0 of it available');
  });
});

test('a reference, typed or scanned, opens its payment, also where Y and Z are exchanged', async () => {
  let reference = issued['plain'] ?? '';
  for (let tries = 0; !/[YZ]/.test(reference) && tries < 100; tries++)
    reference = (await shop.issue({ ...aDeposit, customerId: 'Y-1' })).reference;
  const exchanged = reference.replace(/[YZ]/g, (letter) => (letter === 'Y' ? 'Z' : 'Y'));
  const typed = [
    reference,
    ` ${reference.toLowerCase()} `,
    reference.replaceAll('-', ''),
    exchanged,
    exchanged.toLowerCase().replaceAll('-', 'ß'),
  ];
  for (const q of typed) {
    const seen = await list(`?q=${encodeURIComponent(q)}&status=expired`);
    expect([seen.status, seen.location], q).toEqual([303, `/account-payments/${reference}`]);
  }
  const unknown = await list('?q=acc-20260101-00000000');
  expect(unknown.status).toBe(200);
  expect(unknown.text).toContain('No payment has the reference ACC-20260101-00000000.');
  expect((await list(`?q=${reference.slice(0, -1)}`)).status).toBe(200);
});

test('a column is sorted by its head, and the other way round when asked again', async () => {
  const heads = (seen: Seen) =>
    seen.root.querySelectorAll('thead th').map((head) => ({
      sort: head.getAttribute('aria-sort'),
      href: head.querySelector('a')?.getAttribute('href')?.replaceAll('&amp;', '&'),
    }));
  expect(heads(await list('?status=active')).at(-1)).toEqual({
    sort: 'descending',
    href: '/account-payments?status=active&sort=issuedAt',
  });
  const byCustomer = heads(await list('?sort=customerName'));
  expect(byCustomer[1]).toEqual({ sort: 'ascending', href: '/account-payments?sort=-customerName' });
  expect(byCustomer.filter(({ sort }) => sort !== undefined)).toHaveLength(1);
});

test('who is not signed in signs in first, and comes back to the same list', async () => {
  const response = await shop.app.request('/account-payments?status=used');
  expect(response.status).toBe(303);
  expect(response.headers.get('Location')).toBe('/sign-in?to=%2Faccount-payments%3Fstatus%3Dused');
  expect((await shop.app.request('/account-payments.csv')).status).toBe(303);
});
