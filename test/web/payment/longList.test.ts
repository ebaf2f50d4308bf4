import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPages, type Seen } from '../../support/pages.js';
import { openShop, type Shop } from '../../support/shop.js';
import { addMany } from './manyPayments.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
const COUNT = 4_000;
beforeAll(async () => {
  shop = await openShop({ worker: 'none' });
  pages = openPages(shop);
});
afterAll(() => shop.close());

const csv = async (search = '') => {
  const headers = { Cookie: await shop.staffCookie('finance') };
  const response = await shop.app.request(`/account-payments.csv${search}`, { headers });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { response, bytes, lines: bytes.toString('utf8').trimEnd().split('\r\n') };
};
const linkOf = ({ root }: Seen, text: string) =>
  root
    .querySelectorAll('nav a')
    .find(({ textContent }) => textContent.trim() === text)
    ?.getAttribute('href')
    ?.replaceAll('&amp;', '&');
const referencesOf = ({ root }: Seen) =>
  root.querySelectorAll('tbody a.reference').map(({ textContent }) => textContent.trim());

test('an empty list says what to do next, to whom may do it', async () => {
  const seen = await pages.get('/account-payments', { as: 'cashier' });
  expect(seen.text).toContain('No customer has left money here yet.');
  expect(seen.root.querySelector('.empty a')?.getAttribute('href')).toBe('/account-payments/new');
  const finance = await pages.get('/account-payments', { as: 'finance', headers: { 'Accept-Language': 'de' } });
  expect(finance.text).toContain('Hier hat noch niemand Geld gelassen.');
  expect(finance.root.querySelector('.empty a')).toBeNull();
  const { lines } = await csv();
  expect(lines).toHaveLength(1);
});

test('pages follow each other to the end, and lead back to the first', async () => {
  await addMany(shop, COUNT);
  const seen: string[] = [];
  let at: string | undefined = '/account-payments?status=used&sort=amountMinor';
  let last: Seen | undefined;
  while (at !== undefined) {
    last = await pages.get(at);
    seen.push(...referencesOf(last));
    at = linkOf(last, 'Next page');
  }
  expect(seen).toEqual([...new Set(seen)].sort());
  expect(seen).toHaveLength(COUNT / 10);
  expect(last && linkOf(last, 'First page')).toBe('/account-payments?status=used&sort=amountMinor');
  const first = await pages.get('/account-payments?status=used&sort=amountMinor');
  expect(linkOf(first, 'First page')).toBeUndefined();
  expect(linkOf(first, 'All of these as CSV')).toBe('/account-payments.csv?status=used&sort=amountMinor');
  const beyond = await pages.get(
    `/account-payments?sort=reference&after=${'ACC-20269999-ZZZZZZZZ'}~ACC-20269999-ZZZZZZZZ`,
  );
  expect(beyond.text).toContain('Nothing comes after this.');
});

test('the file has the whole list, each payment once, with exact amounts', async () => {
  const { response, bytes, lines } = await csv();
  expect(response.headers.get('Content-Type')).toBe('text/csv; charset=utf-8');
  expect(response.headers.get('Content-Disposition')).toMatch(
    /^attachment; filename="account-payments-\d{4}-\d\d-\d\d\.csv"$/,
  );
  expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf');
  expect(lines[0]?.slice(1)).toBe(
    'reference,customerId,customerName,type,productId,productName,purpose,currency,amount,balance,held,available,' +
      'endedBalance,status,frozenCauses,validThrough,expiresAt,issuedAt,shopId,createdBy,staffId,funding,tender,' +
      'receiptId,taxPoint,taxCode,replaces,notes',
  );
  const rows = lines.slice(1).map((line) => line.split(','));
  expect(new Set(rows.map(([reference]) => reference)).size).toBe(COUNT);
  expect(rows).toHaveLength(COUNT);
  const hundredAndThree = rows.find(([reference]) => reference?.endsWith('00000103'));
  expect(hundredAndThree?.slice(0, 15).join()).toBe(
    'ACC-20260101-00000103,M-103,Person Nr103,generic,,,deposit,EUR,1.03,0.69,0.01,0.68,,active,',
  );
  for (const changing of ['balanceMinor', 'customerName']) {
    const { lines: inOrderOfIssue } = await csv(`?sort=${changing}&status=active`);
    expect(inOrderOfIssue.slice(1).map((line) => line.split(',')[0])).toEqual(
      rows.filter((row) => row[13] === 'active').map(([reference]) => reference),
    );
  }
  const filtered = await csv('?status=expired&currency=eur&sort=amountMinor&after=x&customerId=');
  expect(filtered.lines).toHaveLength(1 + COUNT / 10);
  expect(filtered.lines[1]?.slice(0, 21)).toBe('ACC-20260101-00000009');
});

const formulas: readonly (readonly [notes: string, cell: string])[] = [
  ['=1+1', "'=1+1"],
  ['+49 30', "'+49 30"],
  ['-5', "'-5"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\tx', "'\tx"],
  ['  =1', "'  =1"],
  ['\u00a0=1', "'\u00a0=1"],
  ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
  ['plain = text', 'plain = text'],
  ['a "quoted", one', '"a ""quoted"", one"'],
  ['Müller 🦄', 'Müller 🦄'],
  ['  x', '  x'],
];

test.each(formulas)('the text %j stands in the file as %j', async (notes, cell) => {
  await shop.sql`update account_payments set notes = ${notes} where reference = 'ACC-20260101-00000001'`;
  const { lines } = await csv('?amountThrough=0.01&currency=USD');
  expect(lines).toHaveLength(2);
  expect(lines[1]?.endsWith(`,${cell}`)).toBe(true);
  expect(lines[1]).toContain(',USD,0.01,0.01,');
});

test('names and ids that begin like a formula are marked too', async () => {
  await shop.sql`update customers set name = '=cmd' where customer_id = 'M-1'`;
  const { lines } = await csv('?amountThrough=0.01&currency=USD');
  expect(lines[1]?.split(',').slice(1, 3)).toEqual(['M-1', "'=cmd"]);
});
