import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../../db/connect.js';
import type { ReportParams, ReportRow } from '../../../db/finance/report.js';
import {
  apply,
  cancel,
  capture,
  DAY_MS,
  expire,
  freeze,
  give,
  givenAway,
  hold,
  payOut,
  refund,
  release,
  thaw,
} from '../../domain/payment/build.js';
import type { Command } from '../../../domain/payment/command.js';
import { dimensions, fieldOf, grains } from '../../../domain/finance/report.js';
import { createDatabase } from '../../support/database.js';
import { at, openShops, payment, shops } from './books.js';
import { openedRowsOf } from './opens.js';

/** January to March 2026, by hand. Berlin's clocks go forward on 29 March at 01:00 UTC, New York's on 8 March. */

let sql: Sql;
let given: { reference: string };
beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
  await openShops(sql);

  // A deposit of 100.00 in Berlin, on the last evening of January there: 31 January 23:59:59.999.
  await payment(sql, '2026-01-31T22:59:59.999Z', { taxPoint: 'issue' })
    .does('2026-02-10T10:00:00Z', hold('h', 3_000, { saleId: 'H', lifetimeMs: 60 * DAY_MS }))
    .does('2026-02-28T22:59:59.999Z', apply('a', 2_000)) // still February
    .does('2026-02-28T23:00:00Z', capture('c', 'h', 1_000, { saleId: 'H', heldUntil: '2026-05-01T00:00:00.000Z' })) // March already
    .does('2026-03-31T21:59:59.999Z', refund('r', 500)) // still March, in summer
    .does('2026-03-31T22:00:00Z', payOut('p', 5_500)) // April
    .record();
  // 50.00 by card in Hamburg; in February it is spent in New York, where it is the day before.
  await payment(sql, '2026-01-05T12:00:00Z', {
    ...at('hamburg'),
    amountMinor: 5_000,
    funding: { kind: 'paid', tender: 'card' },
  })
    .does('2026-02-01T04:59:59.999Z', apply('a', 1_000, at('newyork'))) // 31 January 23:59:59.999 there
    .does('2026-02-01T05:00:00Z', apply('b', 1_500, at('newyork'))) // 1 February there
    .does('2026-03-08T06:30:00Z', freeze('f'))
    .record();
  // Goodwill of 20.00, forfeited; store credit of 30.00 that expires by hand; both of Berlin.
  await payment(sql, '2026-02-14T10:00:00Z', {
    amountMinor: 2_000,
    funding: { kind: 'goodwill' },
    purpose: 'store_credit',
  })
    .does('2026-02-20T10:00:00Z', cancel('c', { disposition: 'forfeited', tender: undefined }))
    .record();
  const expired = await payment(sql, '2026-02-14T10:00:00Z', { amountMinor: 3_000, funding: { kind: 'return' } })
    .does('2026-02-21T10:00:00Z', expire('e'))
    .record();
  // Reinstated in March, then given away whole; the gift is remitted, and what was issued in error is taken back.
  const giver = await payment(sql, '2026-03-02T10:00:00Z', {
    amountMinor: 3_000,
    funding: { kind: 'replacement', source: 'return', replaces: expired.reference, origin: 'reinstatement' },
  }).record();
  const recipient = payment(sql, '2026-03-03T10:00:00Z', {
    amountMinor: 3_000,
    customerId: 'D',
    frozen: ['gift'],
    funding: { kind: 'gift', source: 'return', giftId: 'T', givenFrom: giver.reference },
  });
  await giver
    .does('2026-03-03T09:59:30Z', give('g', 3_000))
    .does('2026-03-03T10:00:00Z', { ...givenAway('c', 'g', 3_000), counterpart: recipient.reference } as Command)
    .record();
  given = await recipient
    .does('2026-03-03T10:00:01Z', thaw('t', 'gift'))
    .does('2026-03-20T10:00:00Z', cancel('c', { disposition: 'remitted', tender: undefined }))
    .record();
  await payment(sql, '2026-03-05T10:00:00Z', { amountMinor: 700 })
    .does('2026-03-05T10:05:00Z', cancel('c', { disposition: 'issued_in_error', tender: undefined }))
    .record();
  // New York: yen and dinars, and a payment that is reissued there.
  await payment(sql, '2026-03-08T04:59:59.999Z', { ...at('newyork'), currency: 'JPY', amountMinor: 9_000 })
    .does('2026-03-09T03:59:59.999Z', apply('a', 4_000)) // the 8th of 23 hours
    .does('2026-03-09T04:00:00Z', hold('h', 5_000, { lifetimeMs: DAY_MS }))
    .does('2026-03-09T05:00:00Z', release('r', 'h'))
    .record();
  const worn = await payment(sql, '2026-03-01T12:00:00Z', { ...at('newyork'), currency: 'KWD', amountMinor: 1_500 })
    .does('2026-03-30T12:00:00Z', cancel('c', { disposition: 'reissued', tender: undefined }))
    .record();
  await payment(sql, '2026-03-30T12:00:01Z', {
    ...at('newyork'),
    currency: 'KWD',
    amountMinor: 1_500,
    funding: { kind: 'replacement', source: 'paid', replaces: worn.reference, origin: 'reissue' },
  }).record();
});
afterAll(() => disconnect(sql));

/** What is not 0 of a row, in short. */
function short(row: ReportRow, ...keys: string[]): Record<string, unknown> {
  const told = Object.entries(row).filter(
    ([field, value]) =>
      keys.includes(field) ||
      (/Minor$/.test(field) && value !== 0 && !/(Cash|Card|BankTransfer|Other)Minor$/.test(field)),
  );
  return Object.fromEntries(told.map(([field, value]) => [field.replace(/Minor$/, ''), value]));
}

const months: ReportParams = { from_day: '2026-01-01', to_day: '2026-03-31' };
const read = async (params: ReportParams) => {
  const rows = await openedRowsOf(sql, 'roll_forward', params);
  for (const row of rows) expectToAddUp(row);
  return rows;
};

const flows = [
  'issuedPaid',
  'issuedReturn',
  'issuedGoodwill',
  'issuedReplacement',
  'giftedIn',
  'applied',
  'refunded',
  'giftedOut',
  'paidOut',
  'expired',
  'forfeited',
  'remitted',
  'issuedInError',
  'reissued',
];
const tenders = ['Cash', 'Card', 'BankTransfer', 'Other'];
function expectToAddUp(row: ReportRow): void {
  const sum = (fields: string[]) => fields.reduce((all, field) => all + Number(row[`${field}Minor`]), 0);
  expect(sum(['opening', ...flows])).toBe(row['closingMinor']);
  for (const flow of ['issuedPaid', 'paidOut'])
    expect(sum(tenders.map((tender) => flow + tender))).toBe(row[`${flow}Minor`]);
}

test('months of an entity, each currency by itself', async () => {
  const rows = await read(months);
  expect(rows.map((row) => short(row, 'firstDay', 'lastDay', 'legalEntity', 'currency', 'openCount'))).toEqual([
    { ...month(1, 'Nord GmbH', 'EUR'), issuedPaid: 15_000, applied: -1_000, closing: 14_000, openCount: 2 },
    {
      ...month(2, 'Nord GmbH', 'EUR'),
      opening: 14_000,
      issuedReturn: 3_000,
      issuedGoodwill: 2_000,
      applied: -3_500,
      expired: -3_000,
      forfeited: -2_000,
      closing: 10_500,
      held: 3_000,
      openCount: 2,
    },
    {
      ...month(3, 'Nord GmbH', 'EUR'),
      opening: 10_500,
      issuedPaid: 700,
      issuedReplacement: 3_000,
      giftedIn: 3_000,
      applied: -1_000,
      refunded: 500,
      giftedOut: -3_000,
      remitted: -3_000,
      issuedInError: -700,
      closing: 10_000,
      held: 2_000,
      frozen: 2_500,
      openCount: 2,
    },
    { ...month(3, 'West Inc', 'JPY'), issuedPaid: 9_000, applied: -4_000, closing: 5_000, openCount: 1 },
    {
      ...month(3, 'West Inc', 'KWD'),
      issuedPaid: 1_500,
      issuedReplacement: 1_500,
      reissued: -1_500,
      closing: 1_500,
      openCount: 1,
    },
  ]);
});

function month(number: number, legalEntity: string, currency: string) {
  const lastDay = ['2026-01-31', '2026-02-28', '2026-03-31'][number - 1];
  return { firstDay: `2026-0${number}-01`, lastDay, legalEntity, currency };
}

test('each row begins with what the one before it ended with, whatever it is asked by, and however long rows are', async () => {
  for (const grain of grains)
    for (const by of [[], dimensions]) {
      // Days are many.
      const from_day = grain === 'day' ? '2026-02-27' : '2026-01-15';
      const rows = await read({ from_day, to_day: '2026-03-10', grain, by });
      const before = new Map<string, ReportRow>();
      for (const row of rows) {
        const kind = ['currency', ...dimensions].map((dimension) => row[fieldOf(dimension)]).join();
        const last = before.get(kind);
        if (last && last['closingMinor'] !== 0) {
          expect(row['openingMinor']).toBe(last['closingMinor']);
          expect(Date.parse(String(row['firstDay']))).toBe(Date.parse(String(last['lastDay'])) + DAY_MS);
        }
        before.set(kind, row);
      }
      const owed = (currency: string) =>
        [...before.values()]
          .filter((row) => row['currency'] === currency)
          .reduce((sum, row) => sum + Number(row['closingMinor']), 0);
      expect([owed('EUR'), owed('JPY'), owed('KWD')]).toEqual([12_500, 5_000, 1_500]);
    }
});

test('by tender, shop, funding and tax point', async () => {
  const rows = await read({ ...months, grain: 'whole', by: ['shop_id', 'source_funding', 'tax_point'] });
  const told = rows.map((row) =>
    [
      row['shopId'],
      row['sourceFunding'],
      row['taxPoint'],
      row['currency'],
      row['closingMinor'],
      row['issuedPaidCashMinor'],
      row['issuedPaidCardMinor'],
      row['issuedCount'],
      row['endedCount'],
    ].join(' '),
  );
  expect(told).toEqual([
    'berlin goodwill redemption EUR 0 0 0 1 1',
    'berlin paid issue EUR 7500 10000 0 1 0',
    'berlin paid redemption EUR 0 700 0 1 1',
    'berlin return redemption EUR 0 0 0 3 2',
    'hamburg paid redemption EUR 2500 0 5000 1 0',
    'newyork paid redemption JPY 5000 9000 0 1 0',
    'newyork paid redemption KWD 1500 1500 0 2 1',
  ]);
});

test('of one entity, of one shop, and rows that are cut off by the first and the last day', async () => {
  const of = async (params: ReportParams) =>
    (await read({ ...months, ...params })).map(
      (row) => `${row['firstDay']} ${row['lastDay']} ${row['currency']} ${row['closingMinor']}`,
    );
  expect(await of({ legal_entity: 'West Inc', from_day: '2026-03-09', to_day: '2026-03-20', grain: 'week' })).toEqual([
    '2026-03-09 2026-03-15 JPY 5000',
    '2026-03-09 2026-03-15 KWD 1500',
    '2026-03-16 2026-03-20 JPY 5000',
    '2026-03-16 2026-03-20 KWD 1500',
  ]);
  expect(await of({ shop_id: 'hamburg', grain: 'quarter' })).toEqual(['2026-01-01 2026-03-31 EUR 2500']);
  expect(
    await of({ legal_entity: shops.berlin.legalEntity, from_day: '2026-04-01', to_day: '2026-04-01', grain: 'day' }),
  ).toEqual(['2026-04-01 2026-04-01 EUR 4500']);
});

test('a word that is none of those there are is refused', async () => {
  await expect(read({ ...months, by: ['shop'] })).rejects.toThrow(/shop: none of legal_entity/);
  await expect(read({ ...months, grain: 'decade' })).rejects.toThrow();
});

test('a gift is in the books on both sides', async () => {
  const [row] = await sql<{ counterpart: string }[]>`select counterpart from movements where kind = 'gifted'`;
  expect(row?.counterpart).toBe(given.reference);
});
