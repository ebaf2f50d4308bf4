import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../../db/connect.js';
import type { Issue } from '../../../domain/payment/command.js';
import { apply, cancel, refund } from '../../domain/payment/build.js';
import { createDatabase } from '../../support/database.js';
import { at, openShops, payment } from './books.js';
import { openedRowsOf, rowsOf } from './opens.js';

let sql: Sql;
const sale = { saleShopId: 'berlin', saleId: 'S-1', ...at('berlin') };
const noon = (day: string) => `2026-${day}T12:00:00Z`;

beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
  await openShops(sql);
  const enter = (purpose: string, method: string, fromMonth: string, rateBasisPoints: number | null = null) =>
    sql`insert into finance.breakage_rates ${sql({ legalEntity: 'Nord GmbH', currency: 'EUR', purpose, method, fromMonth, rateBasisPoints, reason: 'as seen', enteredBy: 'fin' })}`;
  await enter('prepayment', 'proportional', '2026-01-01', 3_000);
  // The latest word on a month counts: 20 %, and 10 % from March on.
  await enter('prepayment', 'proportional', '2026-01-01', 2_000);
  await enter('prepayment', 'proportional', '2026-03-01', 1_000);
  await enter('store_credit', 'left_out', '2026-01-01');

  const prepaid = (amountMinor: number, terms: Partial<Issue> = {}) =>
    payment(sql, noon('01-05'), { purpose: 'prepayment', amountMinor, expiresAt: noon('04-02'), ...terms });
  const first = await prepaid(10_000)
    .does(noon('01-10'), apply('a', 4_000, sale))
    .does(noon('02-03'), refund('r', 800, sale))
    .does(noon('02-20'), apply('b', 5_000, sale))
    .reaches(noon('04-02'))
    .record();
  const replaced = { kind: 'replacement', source: 'paid', replaces: first.reference, origin: 'reinstatement' } as const;
  await payment(sql, noon('04-20'), { purpose: 'prepayment', amountMinor: 1_800, funding: replaced }).record();
  // Given free: nothing is expected of it, and what expires is not the shop's earning.
  await prepaid(2_000, { funding: { kind: 'goodwill' } })
    .does(noon('01-10'), apply('a', 1_000, sale))
    .reaches(noon('04-02'))
    .record();
  // Ended by people: what was expected of it is taken back.
  await prepaid(5_000)
    .does(noon('02-10'), apply('a', 2_001, sale))
    .does(noon('03-10'), cancel('c', at('berlin')))
    .record();
  // No rate: on expiry, or not at all.
  await prepaid(600, { purpose: 'gift' })
    .does(noon('01-10'), apply('a', 100, sale))
    .reaches(noon('04-02'))
    .record();
  await prepaid(700, { purpose: 'deposit' }).reaches(noon('04-02')).record();
  const credit = await prepaid(800, { purpose: 'store_credit' }).reaches(noon('04-02')).record();
  const again = { kind: 'replacement', source: 'paid', replaces: credit.reference, origin: 'reinstatement' } as const;
  await payment(sql, noon('05-01'), { purpose: 'store_credit', amountMinor: 800, funding: again }).record();
  // Another currency has no rate.
  await prepaid(9_000, { currency: 'JPY', expiresAt: null })
    .does(noon('01-10'), apply('a', 4_000, { ...sale, currency: 'JPY' }))
    .record();
});
afterAll(() => disconnect(sql));

const year = { from_day: '2026-01-01', to_day: '2026-12-31' };
const shown = (row: Record<string, unknown>) =>
  [
    ...[row['month'], row['purpose'], row['sourceFunding'], row['method'], row['rateBasisPoints'] ?? '-'],
    ...[row['expiredMinor'], row['reinstatedMinor'], row['expectedMinor'], row['breakageMinor'], row['leftOutMinor']],
  ].join(' ');

test('breakage is earned as money is redeemed, and comes to what expires in the end', async () => {
  const rows = await openedRowsOf(sql, 'breakage', year);
  expect(rows.map(shown)).toEqual([
    // 20 %: each 80 redeemed earn 20. 40.00 redeemed: 10.00.
    '2026-01-01 prepayment paid proportional 2000 0 0 1000 1000 0',
    // 8.00 back: -2.00. 50.00 more would be 20.50 in all, but only 18.00 are left: +10.00. Another one's 20.01: 5.00.
    '2026-02-01 prepayment paid proportional 2000 0 0 1300 1300 0',
    // 10 %: 82.00 / 9 = 9.11, less the 18.00. The other one: 20.01 / 9 = 2.22, and all of it goes when it is paid out.
    '2026-03-01 prepayment paid proportional 1000 0 0 -1389 -1389 0',
    '2026-04-01 deposit paid left_out - 0 0 0 0 700',
    '2026-04-01 gift paid remote - 500 0 0 500 0',
    '2026-04-01 prepayment goodwill proportional 1000 1000 0 0 1000 0',
    // 18.00 expire of which 9.11 were earned before, and are owed again on the 20th.
    '2026-04-01 prepayment paid proportional 1000 1800 -1800 -911 -911 0',
    '2026-04-01 store_credit paid left_out - 0 0 0 0 800',
    '2026-05-01 store_credit paid left_out - 0 0 0 0 -800',
  ]);
  const earned = rows.filter(({ purpose, sourceFunding }) => purpose === 'prepayment' && sourceFunding === 'paid');
  expect(earned.reduce((sum, { breakageMinor }) => sum + Number(breakageMinor), 0)).toBe(0);
});

test('a month that is read in parts comes to the same', async () => {
  const of = async (from_day: string, to_day: string) =>
    (await openedRowsOf(sql, 'breakage', { from_day, to_day, legal_entity: 'Nord GmbH' })).map(
      ({ expectedMinor }) => expectedMinor,
    );
  expect(await of('2026-02-01', '2026-02-09')).toEqual([-200]);
  expect(await of('2026-02-10', '2026-02-28')).toEqual([1_500]);
  expect(await rowsOf(sql, 'breakage', { ...year, legal_entity: 'West Inc' })).toEqual([]);
});

test("what is expected is posted on a month's last day, and what expires on its own", async () => {
  const entries = async (to_day: string) =>
    (await openedRowsOf(sql, 'journal', { ...year, to_day }))
      .filter((row) => [row['debit'], row['credit']].some((side) => String(side).includes('breakage')))
      .map(({ day, debit, credit, amountMinor }) => [day, debit, credit, amountMinor].join(' '));
  const untilFebruary = [
    '2026-01-31 expected_breakage breakage 1000',
    // Two payments, of which one earned 8.00 and the other 5.00.
    '2026-02-28 expected_breakage breakage 1300',
  ];
  expect(await entries('2026-03-30')).toEqual(untilFebruary);
  expect(await entries('2026-12-31')).toEqual([
    ...untilFebruary,
    '2026-03-31 breakage expected_breakage 1389',
    '2026-04-02 liability_paid breakage 2300',
    '2026-04-20 breakage liability_paid 1800',
    '2026-04-30 breakage expected_breakage 911',
  ]);
});
