import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../../db/connect.js';
import type { Issue } from '../../../domain/payment/command.js';
import { apply, cancel, expire, payOut, refund } from '../../domain/payment/build.js';
import { createDatabase } from '../../support/database.js';
import { at, openShops, payment, type ShopId } from './books.js';
import { openedRowsOf } from './opens.js';

/** Each test has a month of its own. */
let sql: Sql;
beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
  await openShops(sql);
  const rates = [
    ['Nord GmbH', 'DE19', '2007-01-01', 1_900],
    ['Nord GmbH', 'DE19', '2026-07-01', 1_600],
    ['Nord GmbH', 'DE7', '2007-01-01', 700],
    ['West Inc', 'NY8', '2007-01-01', 800],
  ] as const;
  for (const [legalEntity, taxCode, fromDay, rateBasisPoints] of rates)
    await sql`insert into finance.tax_rates ${sql({ legalEntity, taxCode, fromDay, rateBasisPoints, enteredBy: 'fin' })}`;
});
afterAll(() => disconnect(sql));

const read = async (month: string) =>
  (await openedRowsOf(sql, 'tax', { from_day: `2026-${month}-01`, to_day: `2026-${month}-28` })).map((row) =>
    [
      ...[row['shopId'], row['currency'], row['taxPoint'], row['taxCode'], row['rateBasisPoints'] ?? 'no rate'],
      ...['taxedMinor', 'takenOffMinor', 'expiredMinor', 'taxedBeforeMinor'].map((field) => row[field]),
    ].join(' '),
  );

const noon = (day: string) => `2026-${day}T12:00:00Z`;
const line = (productId: string, amountMinor: number, taxCode?: string) => ({
  productId,
  amountMinor,
  ...(taxCode !== undefined && { taxCode }),
});
const book = line('book', 5_000, 'DE7');
const bike = line('bike', 10_000, 'DE19');
const forBike = { scope: { type: 'product_specific', productId: 'bike' } } as const;

/** A sale in Berlin, and what belongs to one of its commands. */
const sold = (saleId: string, place: ShopId = 'berlin') => ({ saleShopId: 'berlin', saleId, ...at(place) });
const by = (saleId: string, commandId: string) => ({
  parent: { kind: 'sale', id: `berlin/${saleId}`, commandId } as const,
});
/** As the sale writes down that it was settled, or that lines came back. */
async function answers(
  kind: 'settle' | 'return',
  saleId: string,
  commandId: string,
  decidedAt: string,
  lines: object[],
) {
  const said = { saleShopId: 'berlin', shopId: 'berlin', bodyHash: '', outcome: 'accepted', caller: 'till-1' };
  const row = { ...said, saleId, commandId, kind, decidedAt, lines: sql.json(lines as never), answer: sql.json({}) };
  await sql`insert into sale_commands ${sql(row)}`;
}
const replacing = (replaces: string, sale: { saleShopId: string; saleId: string }): Partial<Issue> => ({
  funding: { kind: 'replacement', source: 'paid', replaces, origin: 'return', ...sale },
});

test.each([
  ['01', 'the deposit first', noon('01-02'), noon('01-03')],
  ['02', 'the prepayment first, by one command of the sale', '2026-02-02T12:00:00.001Z', noon('02-02')],
])('in month %s, %s: what is good for anything pays for what nothing else paid for', async (month, _, one, other) => {
  const saleId = `sale of ${month}`;
  const taken = { ...sold(saleId), lines: [bike, book], ...by(saleId, 'settles') };
  const back = { ...sold(saleId), ...by(saleId, 'returns') };
  await payment(sql, noon(`${month}-01`), { amountMinor: 5_000 })
    .does(other, apply('a', 5_000, taken))
    .does(noon(`${month}-20`), refund('r', 2_000, back))
    .record();
  await payment(sql, noon(`${month}-01`), { ...forBike, taxPoint: 'issue', taxCode: 'DE19' })
    .does(one, apply('a', 10_000, taken))
    .does(noon(`${month}-20`), refund('r', 10_000, back))
    .record();
  expect(await read(month)).toEqual([
    'berlin EUR issue DE19 1900 10000 0 0 0',
    'berlin EUR redemption DE7 700 5000 -2000 0 0',
  ]);
});

test('what came back of a sale is taken off the codes of the lines that came back', async () => {
  const sale = sold('T');
  const settled = { ...sale, lines: [book, bike], ...by('T', 'settles') };
  const back = (commandId: string) => ({ ...sale, ...by('T', commandId) });
  await payment(sql, noon('03-01'), { amountMinor: 9_000 })
    .does(noon('03-02'), apply('a', 9_000, settled))
    .does(noon('03-03'), refund('r', 2_000, back('book')))
    .does(noon('03-04'), refund('s', 1_000, back('both')))
    .record();
  await payment(sql, noon('03-01'), { ...forBike, amountMinor: 6_000 })
    .does(noon('03-02'), apply('a', 6_000, settled))
    .does(noon('03-04'), refund('r', 6_000, back('both')))
    .record();
  await answers('settle', 'T', 'settles', noon('03-02'), [book, bike]);
  // The lines of a return need not say their codes.
  await answers('return', 'T', 'book', noon('03-03'), [line('book', 2_000)]);
  await answers('return', 'T', 'both', noon('03-04'), [line('book', 1_000), line('bike', 6_000)]);
  expect(await read('03')).toEqual([
    // 90.00 of the prepayment went to 50.00 for the book and 40.00 for the bike.
    'berlin EUR redemption DE19 1900 10000 -6000 0 0',
    'berlin EUR redemption DE7 700 5000 -3000 0 0',
  ]);
});

test('what a return issued, cancelled as an error, comes back with its code, rate, shop and entity', async () => {
  const sale = sold('U', 'newyork');
  const spent = await payment(sql, noon('06-01'), { amountMinor: 3_000 })
    .does(noon('06-02'), apply('a', 1_500, { ...sale, ...at('berlin'), lines: [book, bike] }))
    .does(noon('06-03'), cancel('c'))
    .record();
  const saleKey = { saleShopId: 'berlin', saleId: 'U' };
  await payment(sql, noon('07-05'), { ...at('newyork'), amountMinor: 1_500, ...replacing(spent.reference, saleKey) })
    .does(noon('07-06'), cancel('c', { disposition: 'issued_in_error', tender: undefined }))
    .record();
  expect(await read('07')).toEqual([
    'berlin EUR redemption DE19 1900 0 0 0 0',
    'berlin EUR redemption DE7 700 0 0 0 0',
  ]);
});

test('what is put back in the shop of another entity is taken off where it was sold', async () => {
  await payment(sql, noon('08-01'), { amountMinor: 3_000, taxCode: 'DE19' })
    .does(noon('08-02'), apply('a', 3_000, sold('V')))
    .does(noon('08-03'), refund('r', 1_000, sold('V', 'newyork')))
    .record();
  expect(await read('08')).toEqual(['berlin EUR redemption DE19 1600 3000 -1000 0 0']);
});

test('what was taxed at issue goes off where it was first left, wherever it went on to', async () => {
  const issue = { taxPoint: 'issue', taxCode: 'DE19' } as const;
  const first = await payment(sql, noon('06-10'), issue)
    .does(noon('09-01'), cancel('c', { disposition: 'reissued', tender: undefined }))
    .record();
  const anew = await payment(sql, noon('09-01'), {
    ...issue,
    ...at('newyork'),
    funding: { kind: 'replacement', source: 'paid', replaces: first.reference, origin: 'reissue' },
  })
    .does(noon('09-02'), payOut('p', 1_000, at('newyork')))
    .record();
  await payment(sql, noon('09-03'), {
    ...issue,
    ...at('newyork'),
    amountMinor: 500,
    customerId: 'D',
    funding: { kind: 'gift', source: 'paid', giftId: 'T', givenFrom: anew.reference },
  })
    .does(noon('09-04'), cancel('c', at('newyork')))
    .record();
  expect(await read('09')).toEqual(['berlin EUR issue DE19 1900 0 -1500 0 0']);
});

test('what expired is owed again where it expired', async () => {
  const lost = await payment(sql, noon('10-01'), { taxCode: 'DE19', amountMinor: 700, currency: 'KWD' })
    .does(noon('10-02'), expire('x'))
    .record();
  await payment(sql, noon('10-03'), {
    ...at('newyork'),
    taxCode: 'DE19',
    currency: 'KWD',
    amountMinor: 700,
    funding: { kind: 'replacement', source: 'paid', replaces: lost.reference, origin: 'reinstatement' },
  }).record();
  // Tax of another entity, in a currency without decimals.
  await payment(sql, noon('10-01'), { ...at('newyork'), amountMinor: 1_080, currency: 'JPY' })
    .does(noon('10-02'), apply('a', 1_080, { saleShopId: 'newyork', saleId: 'W', lines: [line('tea', 1_080, 'NY8')] }))
    .record();
  const rows = await openedRowsOf(sql, 'tax', { from_day: '2026-10-01', to_day: '2026-10-31' });
  expect(rows.map(({ taxMinor }) => taxMinor)).toEqual([0, 80]);
  expect(await read('10')).toEqual([
    'berlin KWD redemption DE19 1600 0 0 0 0',
    'newyork JPY redemption NY8 800 1080 0 0 0',
  ]);
});
