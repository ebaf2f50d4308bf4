import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../../db/connect.js';
import type { Close } from '../../../db/finance/closes.js';
import { closeMonth, shopsDue, shutDays, writeDayCloses } from '../../../db/finance/closing.js';
import { insertExport } from '../../../db/finance/exports.js';
import { lockExports } from '../../../db/finance/locks.js';
import { reopenMonth } from '../../../db/finance/reopening.js';
import { instantOf } from '../../../domain/instants.js';
import { apply, DAY_MS, hold, refund, release } from '../../domain/payment/build.js';
import { createDatabase } from '../../support/database.js';
import { at, openShops, payment, shops, type Payment, type ShopId } from './books.js';
import { rowsOf } from './opens.js';
import { found } from './tampered.js';

/** What reaches the books after a close, and while one is made. */

let sql: Sql;
beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
  await openShops(sql);
});
afterAll(() => disconnect(sql));

const clock = { closedBy: 'clock', unrecordedCount: null };
const closeBerlin = async (day: string) => {
  await shutDays(sql, 'Nord GmbH', 'berlin', day);
  return writeDayCloses(sql, 'berlin', clock);
};
const close = (month: string, legalEntity = 'Nord GmbH') => closeMonth(sql, { legalEntity, month }, clock);
const dayOf = async ({ reference }: Payment, sequence: number) => {
  const [row] = await sql<{ day: string }[]>`
    select booked_on::text as day from movements where reference = ${reference} and sequence = ${sequence}`;
  return row?.day;
};

test('a close waits for who is recording, and has it', async () => {
  const one = await payment(sql, '2026-01-10T10:00:00Z').record();
  one.does('2026-01-11T10:00:00Z', apply('a', 100));
  let closed: Promise<Close[]> | undefined;
  await sql.begin(async (tx) => {
    await tx`
      insert into commands
        (reference, command_id, revision, kind, body_hash, outcome, caller, decided_at, shop_id, rules)
      values (${one.reference}, 'b', 2, 'freeze', '', 'accepted', 'x', '2026-01-11T10:00:00Z', 'berlin', 1)`;
    closed = closeBerlin('2026-01-11');
    await waitsForLock();
  });
  expect((await closed)?.at(-1)).toMatchObject({ lastDay: '2026-01-11' });
  expect([...(await sql`select booked_on::text as day from commands where command_id = 'b'`)]).toEqual([
    { day: '2026-01-11' },
  ]);
});

test('who records while something closes waits, and is late', async () => {
  const one = await payment(sql, '2026-01-12T10:00:00Z').record();
  let recorded: Promise<Payment> | undefined;
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtextextended('books of Nord GmbH', 0))`;
    await tx`update finance.closed_through set day = '2026-01-15' where shop_id = 'berlin'`;
    recorded = one.does('2026-01-13T10:00:00Z', apply('a', 100)).record();
    await waitsForLock();
  });
  await recorded;
  expect(await dayOf(one, 2)).toBe('2026-01-16');
});

async function waitsForLock(): Promise<void> {
  for (;;) {
    const waiting = await sql`select from pg_locks where locktype = 'advisory' and not granted`;
    if (waiting.length > 0) return;
  }
}

test('whoever records while days close, each movement is in a close or is late', async () => {
  const many = await Promise.all(Array.from({ length: 6 }, () => payment(sql, '2026-01-16T09:00:00Z').record()));
  const days = ['2026-01-16', '2026-01-17', '2026-01-18', '2026-01-19'];
  await closeBerlin('2026-01-16');
  const recording = many.map(async (each, i) => {
    for (let n = 0; n < 12; n++) {
      const place = i % 2 ? at('newyork') : at('berlin');
      await each.does(`${days[Math.floor(n / 3)]}T1${n % 3}:00:00Z`, apply(`n${n}`, 10, place)).record();
    }
  });
  const closing = (async () => {
    for (const day of days) {
      await closeBerlin(day);
      await shutDays(sql, 'West Inc', 'newyork', day);
      await writeDayCloses(sql, 'newyork', clock);
    }
  })();
  await Promise.all([...recording, closing]);
  expect(await found(sql)).toEqual([]);
  const [booked] = await sql<{ late: number; all: number }[]>`
    select count(*) filter (where booked_late) as late, count(*) as all from finance.entries where command_id like 'n%'`;
  expect(booked?.all).toBe(72);
  expect(booked?.late).toBeGreaterThan(0);
});

test('a closed month keeps its figures, and the next one has what came late', async () => {
  const one = await payment(sql, '2026-02-10T10:00:00Z').record();
  one.does('2026-02-11T10:00:00Z', apply('a', 1_000)).does('2026-03-05T10:00:00Z', refund('b', 300, { saleId: 'S' }));
  await close('2026-01');
  const february = (await close('2026-02')) as Close;
  await one.record();
  expect(await close('2026-02')).toEqual(february);
  expect(await close('2026-03')).toMatchObject({ movementCount: 2, lateCount: 1 });
  expect(await dayOf(one, 2)).toBe('2026-03-01');
  expect(await found(sql)).toEqual([]);
});

test('reopening leaves the closes in place, and what is closed again says so', async () => {
  expect(await reopenMonth(sql, { legalEntity: 'Nord GmbH', month: '2026-04' }, admin())).toEqual({
    code: 'month_not_closed',
  });
  const reopened = (await reopenMonth(sql, { legalEntity: 'Nord GmbH', month: '2026-02' }, admin())) as Close;
  expect(reopened).toMatchObject({
    kind: 'reopening',
    firstDay: '2026-02-01',
    reason: 'a till was away',
    closedBy: 'eva',
  });
  expect(await found(sql)).toEqual([]);
  const one = await payment(sql, '2026-02-12T10:00:00Z').record();
  expect(await dayOf(one, 1)).toBe('2026-02-12');
  expect(await shopsDue(sql, instantOf(Date.now()))).not.toContainEqual(
    expect.objectContaining({ legalEntity: 'Nord GmbH' }),
  );
  expect(await close('2026-03')).toEqual({ code: 'earlier_month_open', month: '2026-02' });
  const again = await close('2026-02');
  expect(again).toMatchObject({ movementCount: 2 });
  expect([...(await sql`select from finance.closes where kind = 'month' and first_day = '2026-02-01'`)]).toHaveLength(
    2,
  );
  expect(await found(sql)).toEqual([]);
  const told = await sql<{ standing: string }[]>`
    select standing from finance.closings('2026-02-01', '2026-02-28', 'Nord GmbH') where kind <> 'day'`;
  expect(told.map(({ standing }) => standing)).toEqual(['opened_again', 'reopening', 'in_force']);
});
const admin = () => ({ reopenedBy: 'eva', reason: 'a till was away', requestId: randomUUID() });

test('what any entity hands to a ledger stays closed, and reopening waits for who is exporting', async () => {
  let reopened: ReturnType<typeof reopenMonth> | undefined;
  await sql.begin(async (transaction) => {
    const tx = transaction as unknown as Sql;
    await lockExports(tx, 'West Inc');
    reopened = reopenMonth(sql, { legalEntity: 'Nord GmbH', month: '2026-02' }, admin());
    await waitsForLock();
    const [legalEntity, currency, day] = ['West Inc', 'USD', '2026-02-01'];
    const made = { format: 'xero', debitsMinor: 0, madeBy: 'x', madeAt: instantOf(0) } as const;
    await insertExport(tx, { legalEntity, currency, fromDay: day, toDay: day, ...made });
  });
  expect(await reopened).toEqual({ code: 'month_exported' });
});

test('a day is due six hours after its midnight in its shop', async () => {
  const due = async (now: string) =>
    (await shopsDue(sql, now)).filter(({ shopId }) => shopId === 'newyork').map(({ day }) => day);
  expect(await due('2026-06-10T09:59:59Z')).toEqual(['2026-06-08']);
  expect(await due('2026-06-10T10:00:00Z')).toEqual(['2026-06-09']);
  await shutDays(sql, 'West Inc', 'newyork', '2026-06-09');
  expect(await due('2026-06-10T10:00:00Z')).toEqual(['2026-06-09']); // shut, and not written
  await writeDayCloses(sql, 'newyork', clock);
  expect(await due('2026-06-10T10:00:00Z')).toEqual([]);
  expect(await found(sql)).toEqual([]);
});

const deed = fc.record({
  dayOffset: fc.integer({ min: 0, max: 50 }),
  shop: fc.constantFrom(...(Object.keys(shops) as ShopId[])),
  kind: fc.constantFrom('apply' as const, 'refund' as const, 'hold' as const, 'release' as const),
  waits: fc.integer({ min: 0, max: 3 }),
});

test('closed figures never change, whatever is recorded after', { timeout: 60_000 }, async () => {
  const { sql: own } = await createDatabase(inject('postgresUrl'));
  await openShops(own);
  const figures = () =>
    rowsOf(own, 'roll_forward', {
      from_day: '2026-09-01',
      to_day: '2026-09-30',
      grain: 'day',
      by: ['shop_id'],
      legal_entity: 'Nord GmbH',
    });
  const lives = fc.sample(
    fc.record({ home: fc.constantFrom(...(Object.keys(shops) as ShopId[])), deeds: fc.array(deed, { maxLength: 8 }) }),
    { numRuns: 25, seed: 5 },
  );
  const [before, after]: Payment[][] = [[], []];
  for (const { home, deeds } of lives) {
    const one = payment(own, '2026-08-30T10:00:00Z', { ...at(home), amountMinor: 100_000 });
    for (const [i, each] of [...deeds].sort((x, y) => x.dayOffset - y.dayOffset).entries()) {
      const when = instantOf(Date.parse('2026-08-30T11:00:00Z') + each.dayOffset * DAY_MS);
      const [place, id] = [at(each.shop), `c${i}`];
      if (each.kind === 'hold') one.does(when, hold(id, 50, { ...place, saleId: 'H', lifetimeMs: 90 * DAY_MS }));
      else if (each.kind === 'release')
        one.does(when, hold(id, 20, { ...place, saleId: 'H', lifetimeMs: 90 * DAY_MS }), {
          ...release(`r${i}`, id),
          ...place,
        });
      else if (each.kind === 'refund')
        one.does(when, apply(id, 30, { ...place, saleId: id }), refund(`r${i}`, 10, { ...place, saleId: id }));
      else one.does(when, apply(id, 100, place));
      if (each.waits === 0) await one.record();
    }
    (deeds.length % 2 ? before : after)?.push(one);
  }
  for (const each of before ?? []) await each.record();
  const closeOwn = (month: string) => closeMonth(own, { legalEntity: 'Nord GmbH', month }, clock);
  await closeOwn('2026-08');
  await closeOwn('2026-09');
  const told = await figures();
  const proven = await found(own);
  for (const each of after ?? []) await each.record();
  expect(await figures()).toEqual(told);
  expect([proven, await found(own)]).toEqual([[], []]);
  await disconnect(own);
});
