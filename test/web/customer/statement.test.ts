import { afterAll, beforeAll, expect, test } from 'vitest';
import { putCustomer } from '../../../db/customer/customers.js';
import { createCalendar, daysAfter } from '../../../domain/instants.js';
import { apply, cancel, refund } from '../../domain/payment/build.js';
import { cpuMsOf } from '../../support/cpu.js';
import { openPages, type Seen } from '../../support/pages.js';
import { addShop, openShop, type Shop } from '../../support/shop.js';
import { book, daysAgo, instantAgo, wordsOf } from './books.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
beforeAll(async () => {
  shop = await openShop({ worker: 'none' });
  pages = openPages(shop);
  await putCustomer(shop.sql, 'C-1', 'אדה <b>Lovelace</b>');
  const sale = { saleShopId: shop.shopId, saleId: 'S-1' };
  // Half past midnight of the first of November, by the clock of the shop in Berlin.
  await book(shop, { reference: 'ACC-20250101-A0000000', customerId: 'C-1', issuedAt: '2025-10-31T23:30:00.000Z' }, [
    ['2025-11-10T10:00:00Z', apply('a', 4_000, sale)],
    ['2025-11-30T22:59:59Z', refund('r', 1_000, { ...sale, reason: 'secret remark' })],
    ['2025-12-05T10:00:00Z', cancel('c', { reason: 'secret remark' })],
  ]);
  const elsewhere = await addShop(shop.sql, { name: 'The other shop' });
  await book(shop, {
    reference: 'ACC-20250101-B0000000',
    customerId: 'C-1',
    currency: 'JPY',
    amountMinor: 700,
    by: { caller: 'till-1', shopId: elsewhere },
    issuedAt: '2025-10-01T10:00:00.000Z',
    funding: { kind: 'gift', source: 'paid', giftId: 'G', givenFrom: 'ACC-20250101-Z0000000' },
    purpose: 'gift',
  });
  await book(shop, { reference: 'ACC-20250101-N0000000', customerId: 'now', issuedAt: instantAgo(400) }, [
    [daysAgo(0), apply('a', 1, sale)],
  ]);
});
afterAll(() => shop.close());

const statement = (from: string, to: string, language = 'en-GB') =>
  pages.get(`/customers/C-1/statement?from=${from}&to=${to}`, { headers: { 'Accept-Language': language } });
const accountsOf = ({ root }: Seen) =>
  root.querySelectorAll('table.customer-statement').map((table) => ({
    caption: table.querySelector('caption')?.text,
    rows: table.querySelectorAll('tbody tr').map((row) => row.querySelectorAll('th,td').map(wordsOf)),
  }));

test('a month tells what there was, every movement and what was left, by currency', async () => {
  const seen = await statement('2025-11-01', '2025-11-30');
  expect(accountsOf(seen)).toEqual([
    {
      caption: 'Account in EUR',
      rows: [
        ['Opening balance on 1 Nov 2025', '€0.00'],
        ['1 Nov 2025, 00:30', 'New deposit, paid by cash', 'ACC-20250101-A0000000', '+€100.00', '€100.00'],
        ['10 Nov 2025, 11:00', 'Used for sale S-1', 'ACC-20250101-A0000000', '-€40.00', '€60.00'],
        ['30 Nov 2025, 23:59', 'Given back by sale S-1', 'ACC-20250101-A0000000', '+€10.00', '€70.00'],
        ['Closing balance on 30 Nov 2025', '€70.00'],
      ],
    },
    {
      caption: 'Account in JPY',
      rows: [
        ['Opening balance on 1 Nov 2025', 'JP¥700'],
        ['Nothing moved in this time.'],
        ['Closing balance on 30 Nov 2025', 'JP¥700'],
      ],
    },
  ]);
  expect(seen.text).toContain('Shops Ltd');
  expect(seen.text).toContain('1 Nov 2025 through 30 Nov 2025');
  expect(seen.root.querySelectorAll('main b').length).toBe(0);
});

test('nothing of another customer and no remark of the staff stands in it', async () => {
  const { text } = await statement('2025-01-01', '2025-12-31');
  expect(text).toContain('New gift, from another customer');
  expect(text).toContain('The other shop');
  expect(text).toContain('Cancelled and paid out: cash');
  expect(text).not.toContain('Z0000000');
  expect(text).not.toContain('secret');
});

test('it is told in German, too', async () => {
  const [euros] = accountsOf(await statement('2025-11-10', '2025-12-31', 'de-DE'));
  expect(euros?.rows).toEqual([
    ['Anfangsstand am 10.11.2025', '100,00 €'],
    ['10.11.2025, 11:00', 'Verwendet für Verkauf S-1', 'ACC-20250101-A0000000', '-40,00 €', '60,00 €'],
    ['30.11.2025, 23:59', 'Zurückgegeben von Verkauf S-1', 'ACC-20250101-A0000000', '+10,00 €', '70,00 €'],
    ['05.12.2025, 11:00', 'Storniert und ausgezahlt: bar', 'ACC-20250101-A0000000', '-70,00 €', '0,00 €'],
    ['Endstand am 31.12.2025', '0,00 €'],
  ]);
});

test.each(['2025-11-01', '2025-11-09', '2025-11-10', '2025-11-30', '2025-12-01', '2025-12-05'])(
  'what is left at the end of a period opens the next one: %s',
  async (day) => {
    const money = (seen: Seen, row: 'first' | 'last') =>
      accountsOf(seen).map(({ caption, rows }) => [caption, rows.at(row === 'first' ? 0 : -1)?.at(-1)]);
    const [before, after] = await Promise.all([
      statement('2025-01-01', day),
      statement(daysAfter(day, 1), '2025-12-31'),
    ]);
    const opened = new Map(money(after, 'first') as [string, string][]);
    // An account in which there was nothing, and nothing moved, is left out.
    for (const [caption, left] of money(before, 'last') as [string, string][])
      expect(opened.get(caption) ?? '€0.00').toBe(left);
  },
);

/** What was asked, and the day on which it was; two at midnight. */
async function onItsDay<Answer>(ask: () => Promise<Answer>): Promise<[Answer, string[]]> {
  const today = () => createCalendar('Europe/Berlin').dayAt(Date.now());
  const asked = today();
  return [await ask(), [asked, today()]];
}

test('unless said, it is of the current month in the time zone of the shop', async () => {
  const [{ root }, days] = await onItsDay(() => pages.get('/customers/now/statement'));
  const today = root.querySelector('#to')?.getAttribute('value') ?? '';
  expect(days).toContain(today);
  expect(root.querySelector('#from')?.getAttribute('value')).toBe(`${today.slice(0, 7)}-01`);
  expect(root.querySelectorAll('table.customer-statement tbody tr').length).toBe(3);
});

test.each<[from: string, to: string, field: string, error: string]>([
  ['2025-11-02', '2025-11-01', 'to', 'The last day is before the first.'],
  ['2025-11-31', '2025-12-01', 'from', 'This is no day of the calendar.'],
  ['2998-01-01', '2998-12-31', 'from', 'This day is still to come.'],
  ['yesterday', '%00', 'to', 'This is no day of the calendar.'],
])('from %s to %s is told beside its field', async (from, to, field, error) => {
  const { root, status } = await statement(from, to);
  expect(status).toBe(422);
  expect(root.querySelector(`.summary a[href="#${field}"]`)?.text).toBe(error);
  expect(root.querySelectorAll('table').length).toBe(0);
});

test('of days to come it says nothing', async () => {
  const [seen, days] = await onItsDay(() => statement('2025-11-01', '2998-12-31'));
  const [, last] = accountsOf(seen).map(({ rows }) => rows.at(-1)?.[0]);
  const written = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
  expect(days.map((day) => `Closing balance on ${written.format(Date.parse(day))}`)).toContain(last);
});

test('a statement has 2,000 movements at most, and is there soon', async () => {
  const sale = { saleShopId: shop.shopId, saleId: 'S-1' };
  const applies = Array.from(
    { length: 499 },
    (_, i) => [Date.parse('2025-06-02') + i, apply(`a${i}`, 1, sale)] as const,
  );
  const kept = (i: number) => ({ reference: `ACC-20250601-M000000${i}`, customerId: 'many' });
  const issuedAt = '2025-06-01T10:00:00.000Z';
  for (let i = 0; i < 4; i++) await book(shop, { ...kept(i), issuedAt }, applies);
  const june = () => pages.get('/customers/many/statement?from=2025-06-01&to=2025-06-30');
  let seen: Seen | undefined;
  expect(await cpuMsOf(async () => (seen = await june()))).toBeLessThan(5_000);
  expect(seen?.root.querySelectorAll('table.customer-statement tbody tr').length).toBe(2_002);
  await book(shop, { ...kept(0), reference: 'ACC-20250601-N0000000', issuedAt }, []);
  const { status, text } = await june();
  expect(status).toBe(422);
  expect(text).toContain('These days have more than 2,000 movements. Choose fewer days.');
});
