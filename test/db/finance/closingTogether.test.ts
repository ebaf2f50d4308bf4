import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../../db/connect.js';
import type { Close } from '../../../db/finance/closes.js';
import { closeMonth, lookAtMonth, shutDays, writeDayCloses } from '../../../db/finance/closing.js';
import { insertTaxRate } from '../../../db/finance/entered.js';
import { reopenMonth } from '../../../db/finance/reopening.js';
import { RecordsUnavailable } from '../../../db/outage.js';
import { apply } from '../../domain/payment/build.js';
import { createDatabase } from '../../support/database.js';
import { openShops, payment } from './books.js';
import { found, foundAfter } from './tampered.js';

/** Two who close, or open again, at once: each transaction has a connection of its own. */

let sql: Sql;
beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
  await openShops(sql);
  await payment(sql, '2026-01-10T10:00:00Z')
    .does('2026-02-12T10:00:00Z', apply('a', 3_000))
    .does('2026-03-12T10:00:00Z', apply('b', 1_000))
    .record();
});
afterAll(() => disconnect(sql));

const legalEntity = 'Nord GmbH';
const clock = { closedBy: 'clock', unrecordedCount: null };
const close = (month: string) => closeMonth(sql, { legalEntity, month }, clock);
const reopen = (month: string) =>
  reopenMonth(sql, { legalEntity, month }, { reopenedBy: 'eva', reason: 'a till was away', requestId: randomUUID() });
const closedThrough = async () => [
  ...(await sql<{ day: string }[]>`
    select distinct day::text from finance.closed_through where legal_entity = ${legalEntity}`),
];

/** Begins these one after the other behind somebody who is recording, and tells what became of them. */
async function behindARecorder(...acts: readonly (() => Promise<unknown>)[]): Promise<unknown[]> {
  const begun: Promise<unknown>[] = [];
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock_shared(hashtextextended(${`books of ${legalEntity}`}, 0))`;
    for (const act of acts) {
      begun.push(act());
      await waiting(begun.length);
    }
  });
  return Promise.all(begun);
}

async function waiting(count: number): Promise<void> {
  for (;;) {
    const those = await sql`
      select from pg_locks
       where locktype = 'advisory' and not granted
         and database = (select oid from pg_database where datname = current_database())`;
    if (those.length === count) return;
  }
}

test('a month before the first one that has anything is not closed', async () => {
  expect(await close('2016-10')).toEqual({ code: 'nothing_to_close' });
  expect(await closeMonth(sql, { legalEntity: 'West Inc', month: '2016-10' }, clock)).toEqual({
    code: 'nothing_to_close',
  });
});

test('two who close a month at once are told the same close', async () => {
  const [first, second] = await Promise.all([close('2026-01'), close('2026-01')]);
  expect(first).toMatchObject({ kind: 'month', firstDay: '2026-01-01' });
  expect(second).toEqual(first);
});

test('two who close days at once write each day once', async () => {
  await shutDays(sql, legalEntity, 'berlin', '2026-02-27');
  const written = await Promise.all([writeDayCloses(sql, 'berlin', clock), writeDayCloses(sql, 'berlin', clock)]);
  expect(written.flat().map(({ firstDay }) => firstDay)).toHaveLength(27);
  expect(await found(sql)).toEqual([]);
});

test('what is opened again while a later month or day closes stays open', async () => {
  await close('2026-02');
  const [reopened, closed] = await behindARecorder(
    () => reopen('2026-01'),
    () => close('2026-03'),
    () => shutDays(sql, legalEntity, 'berlin', '2026-03-20'),
  );
  expect(reopened).toMatchObject({ kind: 'reopening', firstDay: '2026-01-01' });
  expect(closed).toEqual({ code: 'earlier_month_open', month: '2026-01' });
  expect(await closedThrough()).toEqual([{ day: '2025-12-31' }]);
});

test('after its first month was opened again, an entity closes that one first', async () => {
  expect(await close('2026-02')).toEqual({ code: 'earlier_month_open', month: '2026-01' });
  expect(await close('2026-01')).toMatchObject({ totals: [{ openingMinor: 0, closingMinor: 10_000 }] });
  expect(await close('2026-02')).toMatchObject({ totals: [{ openingMinor: 10_000, closingMinor: 7_000 }] });
  expect(await found(sql)).toEqual([]);
});

test('why something was opened again is proven', async () => {
  expect(await foundAfter(sql, `update finance.closes set reason = 'another' where kind = 'reopening'`)).toEqual([
    expect.stringMatching(/^close_changed Nord GmbH/),
  ]);
});

test('a month is not written where an earlier one is open, or while it is booked on', async () => {
  const write = (firstDay: string, lastDay: string) =>
    sql`select from finance.close_month(${legalEntity}, ${firstDay}, ${lastDay}, 'x', null, null)`;
  await expect(write('2026-04-01', '2026-04-30')).rejects.toThrow('an earlier month is open');
  await expect(write('2026-03-01', '2026-03-31')).rejects.toThrow('is booked on still');
  expect(((await close('2026-03')) as Close).movementCount).toBe(1);
});

test('who asked before a month was opened again does not close it again, and is told what they closed', async () => {
  const wish = { legalEntity, month: '2026-03' };
  const { newestPosition } = await lookAtMonth(sql, wish);
  const opened = (await reopen('2026-03')) as Close;
  const late = { ...wish, requestId: 'late', seenPosition: newestPosition };
  expect(await closeMonth(sql, late, clock)).toEqual({ code: 'month_opened_again' });
  expect(await closedThrough()).toEqual([{ day: '2026-02-28' }]);

  const told: string[] = [];
  const anew = { ...wish, requestId: 'anew', seenPosition: opened.position };
  const ask = () => closeMonth(sql, anew, clock, ({ kind }) => told.push(kind));
  const closed = await ask();
  expect(closed).toMatchObject({ kind: 'month', firstDay: '2026-03-01' });
  expect(told).toEqual([...Array<string>(31).fill('day'), 'month']);
  await reopen('2026-03');
  expect(await ask()).toEqual(closed);
  expect(told).toHaveLength(32);
  expect(await closedThrough()).toEqual([{ day: '2026-02-28' }]);
});

test('who opens again or enters waits no longer for the books than a close does', async () => {
  const rate = { legalEntity, taxCode: 'DE19', rateBasisPoints: 1_900, fromDay: '2026-06-01', enteredBy: 'fin' };
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtextextended(${`books of ${legalEntity}`}, 0))`;
    const both = await Promise.allSettled([reopen('2026-02'), insertTaxRate(sql, rate)]);
    for (const each of both) expect(each).toMatchObject({ reason: expect.any(RecordsUnavailable) as unknown });
  });
  expect(await closedThrough()).toEqual([{ day: '2026-02-28' }]);
});
