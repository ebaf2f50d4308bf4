import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../../db/connect.js';
import type { Issue } from '../../../domain/payment/command.js';
import { apply, cancel, extend, freeze, hold, payOut, refund, release } from '../../domain/payment/build.js';
import { createDatabase } from '../../support/database.js';
import { at, closeDays, openShops, payment } from './books.js';
import { openedRowsOf, rowsOf } from './opens.js';

/** How old what is owed is, when it ends, and of whom nothing was heard: as the 30th of June 2026 ends. */

let sql: Sql;
const as_of = '2026-06-30';
const sale = { saleShopId: 'berlin', saleId: 'S-1', ...at('berlin') };
const noon = (day: string) => `${day}T12:00:00Z`;
const references: Record<string, string> = {};
const nameOf = (row: Record<string, unknown>) =>
  Object.entries(references).find(([, reference]) => reference === row['reference'])?.[0];

beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
  await openShops(sql);
  const issued = async (name: string, instant: string, amountMinor: number, terms: Partial<Issue> = {}) => {
    const made = await payment(sql, instant, { purpose: 'prepayment', amountMinor, ...terms }).record();
    references[name] = made.reference;
    return made;
  };
  // 30 and 31 days old, by the calendar in Berlin, where the day begins at 22:00 UTC.
  await issued('thirty', '2026-05-30T22:00:00Z', 1);
  await issued('thirty-one', '2026-05-30T21:59:59Z', 20);
  // Used 100 days before; given back since, which is no use.
  await (
    await issued('used', noon('2025-06-30'), 1_000)
  )
    .does(noon('2026-03-22'), apply('a', 300, sale))
    .does(noon('2026-06-29'), refund('r', 100, sale))
    .record();
  // 366 days old; paid out the day after, in New York on that evening: on the 1st of July it is gone.
  await (
    await issued('old', noon('2025-06-29'), 4_000)
  )
    .does('2026-07-01T04:00:00Z', cancel('c', at('newyork')))
    .record();
  await (await issued('gone', noon('2025-06-29'), 50_000)).does(noon('2026-06-30'), payOut('p', 50_000)).record();
  await issued('free', noon('2026-01-01'), 7, { funding: { kind: 'goodwill' } });

  // For a product, to be collected within 30, 31 and 366 days, and whenever.
  const bike = (expiresAt: string | null) =>
    ({ purpose: 'deposit', scope: { type: 'product_specific', productId: 'BIKE-7' }, expiresAt }) as const;
  await issued('bike in 30', noon('2026-06-01'), 100, bike('2026-07-30T22:00:00.000Z'));
  await issued('bike in 31', noon('2026-06-01'), 2_000, bike('2026-07-31T22:00:00.000Z'));
  await issued('bike for ever', noon('2026-06-01'), 30_000, bike(null));
  // In the afternoon of the next day it was given a year more.
  await (
    await issued('bike extended', noon('2026-06-01'), 400_000, bike('2026-06-30T22:00:00.000Z'))
  )
    .does(noon('2026-06-20'), extend('e', '2026-07-10T22:00:00.000Z'))
    .does(noon('2026-07-01'), extend('f', '2027-07-02T22:00:00.000Z'))
    .record();

  // Nothing for long: staff froze it, and the clock let a hold lapse that the customer had asked for.
  const long = noon('2023-06-30');
  await issued('silent', long, 500);
  await (
    await issued('frozen', noon('2023-01-01'), 600)
  )
    .does(noon('2026-01-01'), { ...freeze('f'), ...at('berlin') })
    .record();
  await (
    await issued('held', long, 700)
  )
    .does(noon('2023-07-01'), hold('h', 50, { ...sale, lifetimeMs: 60_000 }), { ...release('l', 'h'), ...at('berlin') })
    .record();
  // Issued anew by a manager, or by an admin after it had expired: the customer did nothing.
  const anew = (replaces: string, origin: 'reissue' | 'reinstatement') =>
    ({ funding: { kind: 'replacement', source: 'paid', replaces, origin } }) as const;
  const worn = await issued('worn', noon('2023-05-01'), 900);
  await worn
    .does(noon('2023-05-02'), apply('a', 100, sale))
    .does(noon('2026-02-01'), cancel('c', { disposition: 'reissued', tender: undefined, ...at('berlin') }))
    .record();
  const reissued = await issued('reissued', noon('2026-02-01'), 800, anew(worn.reference, 'reissue'));
  await reissued
    .does(noon('2026-03-01'), cancel('c', { disposition: 'forfeited', tender: undefined, ...at('berlin') }))
    .record();
  await issued('reinstated', noon('2026-03-02'), 800, anew(reissued.reference, 'reinstatement'));
  await issued('silent and free', long, 800, { funding: { kind: 'goodwill' } });
});
afterAll(() => disconnect(sql));

const buckets = (row: Record<string, unknown>) =>
  ['upTo30DaysMinor', 'upTo90DaysMinor', 'upTo180DaysMinor', 'upTo365DaysMinor', 'over365DaysMinor']
    .map((name) => row[name])
    .join(' ');

test('what is owed by its age, since it was issued and since it was last used', async () => {
  const rows = await openedRowsOf(sql, 'ageing', { as_of });
  const shown = (row: Record<string, unknown>) =>
    `${[row['purpose'], row['sourceFunding'], row['since']].join(' ')}: ${buckets(row)} = ${String(row['balanceMinor'])} of ${String(row['paymentCount'])}`;
  expect(rows.map(shown)).toEqual([
    'deposit paid issue: 432100 0 0 0 0 = 432100 of 4',
    'deposit paid last_use: 432100 0 0 0 0 = 432100 of 4',
    'prepayment goodwill issue: 0 0 7 0 800 = 807 of 2',
    'prepayment goodwill last_use: 0 0 7 0 800 = 807 of 2',
    // 365 days old is not older; the one of 366 days is.
    'prepayment paid issue: 1 20 800 800 5800 = 7421 of 8',
    'prepayment paid last_use: 1 20 1600 0 5800 = 7421 of 8',
  ]);
  expect(await rowsOf(sql, 'ageing', { as_of, shop_id: 'newyork' })).toEqual([]);
});

test('what was left for a product, by the days to its end as it was then', async () => {
  const on = async (day: string) => {
    const [row] = await openedRowsOf(sql, 'layaways', { as_of: day });
    return [row?.['productId'], buckets(row ?? {}), row?.['withoutEndMinor'], row?.['balanceMinor']];
  };
  expect(await on(as_of)).toEqual(['BIKE-7', '400100 2000 0 0 0', 30_000, 432_100]);
  expect(await on('2026-07-01')).toEqual(['BIKE-7', '2100 0 0 0 400000', 30_000, 432_100]);
});

test('what ends soon, the soonest first', async () => {
  const within = async (params: object) =>
    (await openedRowsOf(sql, 'expiring', { as_of, ...params })).map((row) =>
      [nameOf(row), row['lastDay'], row['daysLeft'], row['balanceMinor']].join(' '),
    );
  const extended = 'bike extended 2026-07-10 10 400000';
  expect(await within({})).toEqual([extended, 'bike in 30 2026-07-30 30 100']);
  expect(await within({ within_days: 9 })).toEqual([]);
  expect(await within({ within_days: 31, legal_entity: 'Nord GmbH' })).toHaveLength(3);
  // Before it was first extended.
  expect(await within({ as_of: '2026-06-19', within_days: 11 })).toEqual(['bike extended 2026-06-30 11 400000']);
});

test('of whom nothing was heard, by their last act', async () => {
  const silent = async (params: object) =>
    (await openedRowsOf(sql, 'dormant', { as_of, ...params })).map((row) =>
      [nameOf(row), row['lastAct'], row['lastActOn'], row['balanceMinor']].join(' '),
    );
  expect(await silent({})).toEqual([
    'frozen issue 2023-01-01 600',
    'reinstated apply 2023-05-02 800',
    'silent issue 2023-06-30 500',
  ]);
  expect(await silent({ as_of: '2026-07-01' })).toHaveLength(4);
  expect((await silent({ as_of: '2026-07-01' })).at(-1)).toBe('held hold 2023-07-01 700');
  expect(await silent({ months: 12 })).toContain('old issue 2025-06-29 4000');
  expect(await silent({ months: 12, legal_entity: 'West Inc' })).toEqual([]);
});

test('what reached the books late is as old as it is, and counts from when it was booked', async () => {
  const { sql: own } = await createDatabase(inject('postgresUrl'));
  await openShops(own);
  await closeDays(own, '2023-06-30', ['berlin']);
  await payment(own, noon('2023-04-01'))
    .does(noon('2023-05-01'), apply('a', 100, sale))
    .record();
  const read = async (as_of: string, months = 36) => [
    (await openedRowsOf(own, 'dormant', { as_of, months })).map(
      (row) => `${String(row['lastAct'])} ${String(row['lastActOn'])}`,
    ),
    (await openedRowsOf(own, 'ageing', { as_of })).map((row) => [row['since'], row['upTo90DaysMinor']]),
  ];
  expect(await read('2023-06-30')).toEqual([[], []]);
  expect((await read('2026-05-01'))[0]).toEqual(['apply 2023-05-01']);
  // 91 days since it was issued, and 61 since it was used.
  expect((await read('2023-07-01'))[1]).toEqual([
    ['issue', 0],
    ['last_use', 9_900],
  ]);
  await disconnect(own);
});
