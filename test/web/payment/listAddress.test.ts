import { describe, expect, test } from 'vitest';
import { scannedReferences } from '../../../domain/reference.js';
import { createCalendar, daysAfter, startOfDay } from '../../../domain/instants.js';
import { addressOf, isTidy, readAddress } from '../../../web/payment/listAddress.js';

const berlin = createCalendar('Europe/Berlin');
const shop = { calendar: berlin, currency: 'EUR' };
const read = (search: string, decimalMark = '.') => readAddress(new URLSearchParams(search), { shop, decimalMark });

const understood: readonly (readonly [search: string, filter: object])[] = [
  ['', {}],
  ['status=active&status=used', { status: ['active', 'used'] }],
  ['type=generic&type=product_specific&type=generic', { type: ['generic', 'product_specific'] }],
  ['only=frozen&only=held', { marks: ['frozen', 'held'] }],
  ['q=+O%27Brien+', { q: "O'Brien" }],
  ['customerId=C-1%2F%231', { customerId: 'C-1/#1' }],
  ['createdBy=staff%3Aanna', { createdBy: 'staff:anna' }],
  ['currency=usd', { currency: 'USD' }],
  ['amountFrom=12.50', { currency: 'EUR', amountFrom: 1_250 }],
  ['amountThrough=1%2C234.5&currency=USD', { currency: 'USD', amountThrough: 123_450 }],
  ['balanceFrom=1234&currency=JPY', { currency: 'JPY', balanceFrom: 1_234 }],
  ['balanceThrough=1.250&currency=KWD', { currency: 'KWD', balanceThrough: 1_250 }],
  ['validFrom=2026-03-29', { expiresAfter: '2026-03-28T23:00:00.000Z' }],
  ['validThrough=2026-03-29', { expiresBy: '2026-03-29T22:00:00.000Z' }],
  ['issuedFrom=1970-01-01', { issuedFrom: '1969-12-31T23:00:00.000Z' }],
  ['issuedThrough=2026-12-31', { issuedBefore: '2026-12-31T23:00:00.000Z' }],
];

test.each(understood)('%s is understood', (search, filter) => {
  expect(read(search)).toMatchObject({ filter, ignored: [] });
  expect(Object.keys(read(search).filter)).toEqual(Object.keys(filter));
});

const ignored: readonly (readonly [search: string, name: string])[] = [
  ['status=frozenn', 'status'],
  ['type=__proto__', 'type'],
  ['constructor=1', 'constructor'],
  ['customerId=a%40b.example', 'customerId'],
  ['customerId=A&customerId=B', 'customerId'],
  ['sort=customerId', 'sort'],
  [`q=${'x'.repeat(101)}`, 'q'],
  ['q=a%00', 'q'],
  ['currency=EURO', 'currency'],
  ['amountFrom=-1', 'amountFrom'],
  ['amountFrom=1e3', 'amountFrom'],
  ['amountFrom=99999999999999999999', 'amountFrom'],
  ['amountFrom=1.5&currency=JPY', 'amountFrom'],
  ['validFrom=2026-02-30', 'validFrom'],
  ['issuedThrough=9999-12-31', 'issuedThrough'],
  ['shopId=..', 'shopId'],
  ['sort=name', 'sort'],
  ['after=x', 'after'],
  ['after=2026-01-01T00:00:00.000Z~x', 'after'],
  ['after=10~ACC-20260101-00000000', 'after'],
  ['after=0000-01-01T00:00:00.000Z~ACC-20260101-00000000', 'after'],
  ['sort=amountMinor&after=1.5~ACC-20260101-00000000', 'after'],
  ['sort=amountMinor&after=2026-01-01T00:00:00.000Z~ACC-20260101-00000000', 'after'],
  ['sort=status&after=frozen~ACC-20260101-00000000', 'after'],
  ['sort=customerName&after=a%00~ACC-20260101-00000000', 'after'],
];

test.each(ignored)('of %s something is left out and told of', (search, name) => {
  const asked = read(search);
  expect(asked.ignored.map(([each]) => each)).toEqual([name]);
  expect(read(addressOf(asked.entries).split('?')[1] ?? '').ignored).toEqual([]);
});

test('an amount is read as it was typed, and stands in the address the same for everybody', () => {
  const german = read('amountFrom=1.234%2C50', ',');
  expect(german.filter).toEqual({ currency: 'EUR', amountFrom: 123_450 });
  expect(german.entries).toEqual([['amountFrom', '1234.50']]);
  expect(read('amountFrom=1234.50', '.').filter).toEqual(german.filter);
  expect(read('amountFrom=1.234', ',').filter).toEqual({ currency: 'EUR', amountFrom: 123_400 });
});

describe('an address says what it says in one way', () => {
  const untidy = [
    'q=&status=',
    'status=active&status=active',
    'q=+x+',
    'currency=eur',
    'amountFrom=1,5',
    'sort=-issuedAt',
  ];
  test.each([...untidy, ...understood.map(([search]) => search), ...ignored.map(([search]) => search)])(
    '%s',
    (search) => {
      const asked = read(search, ',');
      const tidied = new URLSearchParams(addressOf([...asked.entries, ...asked.ignored]).split('?')[1] ?? '');
      const again = readAddress(tidied, { shop, decimalMark: ',' });
      expect(isTidy(tidied, again)).toBe(true);
      expect(again).toEqual(asked);
      if (untidy.includes(search)) expect(isTidy(new URLSearchParams(search), asked)).toBe(false);
    },
  );
});

const scans: readonly (readonly [scanned: string, references: string[]])[] = [
  ['ACC-20261123-7KQ2M9XB', ['ACC-20261123-7KQ2M9XB']],
  ['acc 20261123 7kq2m9xb', ['ACC-20261123-7KQ2M9XB']],
  ['ACC-20261123-7KQ2M9XY', ['ACC-20261123-7KQ2M9XY', 'ACC-20261123-7KQ2M9XZ']],
  ['accß20261123ßzkq2m9yb', ['ACC-20261123-ZKQ2M9YB', 'ACC-20261123-YKQ2M9ZB']],
  ['ACC/20261123/ZKQ2M9XB', ['ACC-20261123-ZKQ2M9XB', 'ACC-20261123-YKQ2M9XB']],
  ['ACC-20261123-7KQ2M9X', []],
  ['Strauß', []],
  ['', []],
];

test.each(scans)('%s may mean %j', (scanned, references) => {
  expect(scannedReferences(scanned)).toEqual(references);
});

test('a day begins when the clock says so, and days are counted on the calendar', () => {
  expect(startOfDay('2026-10-25', berlin)).toBe('2026-10-24T22:00:00.000Z');
  expect(startOfDay('2026-10-26', berlin)).toBe('2026-10-25T23:00:00.000Z');
  expect(startOfDay('2018-11-04', createCalendar('America/Sao_Paulo'))).toBe('2018-11-04T03:00:00.000Z');
  expect(startOfDay('2026-02-30', berlin)).toBeUndefined();
  expect(daysAfter('2026-12-15', 30)).toBe('2027-01-14');
});
