import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../../db/connect.js';
import type { Issue } from '../../../domain/payment/command.js';
import { apply, cancel, give, givenAway, refund } from '../../domain/payment/build.js';
import { createDatabase } from '../../support/database.js';
import { at, openShops, payment } from './books.js';
import { openedRowsOf } from './opens.js';

let sql: Sql;
const sale = { saleShopId: 'berlin', saleId: 'S-1', ...at('berlin') };
const noon = (day: string) => `2026-${day}T12:00:00Z`;

beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
  await openShops(sql);
  const issued = (day: string, amountMinor: number, terms: Partial<Issue> = {}) =>
    payment(sql, noon(day), { purpose: 'gift', amountMinor, ...terms });
  // January's: 400.00 and 100.00, and one that was typed wrong.
  await issued('01-31', 40_000)
    .does(noon('01-31'), apply('a', 10_000, sale))
    .does(noon('02-01'), apply('b', 5_000, sale))
    .does(noon('02-02'), refund('r', 1_000, sale))
    .record();
  await issued('01-10', 777)
    .does(noon('01-11'), cancel('c', { disposition: 'issued_in_error', tender: undefined, ...at('berlin') }))
    .record();
  // The 100.00 are given on in March and used in April; then the sale comes back, and what comes back is used again.
  const giver = await issued('01-02', 10_000)
    .does(noon('03-01'), give('g', 10_000, at('berlin')))
    .record();
  const gift = { kind: 'gift', source: 'paid', giftId: 'T', givenFrom: giver.reference } as const;
  const given = await issued('03-01', 10_000, { reference: 'ACC-20261123-G0000000', funding: gift }).record();
  await giver.does(noon('03-01'), { ...givenAway('x', 'g', 10_000), ...at('berlin') }).record();
  await given
    .does(noon('04-01'), apply('a', 6_000, sale))
    .does(noon('04-02'), cancel('c', at('berlin')))
    .record();
  const back = { kind: 'replacement', source: 'paid', replaces: given.reference, origin: 'return', ...sale } as const;
  await issued('05-01', 2_000, { funding: back })
    .does(noon('06-01'), apply('a', 500, sale))
    .record();
  // Another entity's, of three decimals: what came back of a sale was issued in error.
  const west = { currency: 'KWD', ...at('newyork') };
  const spent = await issued('01-05', 9_000, west)
    .does(noon('02-05'), apply('a', 4_000))
    .does(noon('02-06'), cancel('c', at('newyork')))
    .record();
  const inError = { ...back, replaces: spent.reference, saleShopId: 'newyork', saleId: 'S' };
  await issued('03-05', 4_000, { ...west, funding: inError })
    .does(noon('04-05'), cancel('c', { disposition: 'issued_in_error', tender: undefined, ...at('newyork') }))
    .record();
  // February's, of another kind.
  await issued('02-01', 300, { funding: { kind: 'goodwill' } })
    .does(noon('02-02'), apply('a', 300, sale))
    .record();
});
afterAll(() => disconnect(sql));

test('what of each month was used, by month since, wherever the money went', async () => {
  const rows = await openedRowsOf(sql, 'redemption', { from_day: '2026-01-01', to_day: '2026-12-31' });
  const shown = rows.map((row) =>
    [
      ...[
        row['currency'],
        row['sourceFunding'],
        row['cohort'],
        row['monthsSince'],
        row['issuedMinor'],
        row['usedMinor'],
      ],
      ...[row['usedSoFarMinor'], row['usedSoFarBasisPoints']],
    ].join(' '),
  );
  expect(shown).toEqual([
    'EUR goodwill 2026-02-01 0 300 300 300 10000',
    'EUR paid 2026-01-01 0 50000 10000 10000 2000',
    'EUR paid 2026-01-01 1 50000 4000 14000 2800',
    'EUR paid 2026-01-01 3 50000 6000 20000 4000',
    'EUR paid 2026-01-01 4 50000 -2000 18000 3600',
    'EUR paid 2026-01-01 5 50000 500 18500 3700',
    'KWD paid 2026-01-01 0 9000 0 0 0',
    'KWD paid 2026-01-01 1 9000 4000 4000 4444',
    'KWD paid 2026-01-01 2 9000 -4000 0 0',
    'KWD paid 2026-01-01 3 9000 4000 4000 4444',
  ]);
  expect(await openedRowsOf(sql, 'redemption', { from_day: '2026-02-01', to_day: '2026-12-31' })).toHaveLength(1);
});
