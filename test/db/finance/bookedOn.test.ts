import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../../db/connect.js';
import { apply, hold, refund } from '../../domain/payment/build.js';
import { createDatabase } from '../../support/database.js';
import { at, openShops, payment, type Payment } from './books.js';

/** The day on which finance counts a row is given by the database, by what is closed when it is written. */

let sql: Sql;
beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
  await openShops(sql);
});
afterAll(() => disconnect(sql));
beforeEach(() => sql`truncate finance.closed_through`);

const close = (legalEntity: string, shopId: string, day: string) =>
  sql`insert into finance.closed_through values (${legalEntity}, ${shopId}, ${day})
      on conflict (legal_entity, shop_id) do update set day = excluded.day`;

const daysOf = async ({ reference }: Payment) => {
  const rows = await sql<{ day: string; late: boolean }[]>`
    select day::text as day, booked_late as late from finance.entries where reference = ${reference} order by sequence`;
  return rows.map(({ day, late }) => `${day}${late ? ' late' : ''}`);
};
const issuedOn = (instant: string) => payment(sql, instant).record();

test('a movement is booked on its day in its shop', async () => {
  const one = await (
    await issuedOn('2026-01-31T22:59:59.999Z')
  )
    .does('2026-02-01T04:59:59.999Z', apply('a', 100, at('newyork')))
    .record();
  expect(await daysOf(one)).toEqual(['2026-01-31', '2026-01-31']);
});

test('what comes after its day was closed is booked on the first open one, and is late', async () => {
  const one = await issuedOn('2026-01-10T10:00:00Z');
  await close('Nord GmbH', 'berlin', '2026-01-20');
  await one.does('2026-01-11T10:00:00Z', apply('a', 100)).record();
  await one.does('2026-01-12T10:00:00Z', apply('b', 100, at('hamburg'))).record();
  await one.does('2026-01-25T10:00:00Z', refund('c', 100)).record();
  expect(await daysOf(one)).toEqual(['2026-01-10', '2026-01-21 late', '2026-01-12', '2026-01-25']);
});

test("a month of the entity that owes is closed to other entities' shops too", async () => {
  const one = await issuedOn('2026-01-10T10:00:00Z');
  await close('Nord GmbH', '', '2026-01-31');
  await one.does('2026-01-11T15:00:00Z', apply('a', 100, at('newyork'))).record();
  expect(await daysOf(one)).toEqual(['2026-01-10', '2026-02-01 late']);
});

test("a month of another shop's entity is closed to what happens there", async () => {
  const one = await issuedOn('2026-01-10T10:00:00Z');
  await close('West Inc', '', '2026-01-31');
  await one.does('2026-01-11T15:00:00Z', apply('a', 100, at('newyork'))).record();
  await one.does('2026-01-11T16:00:00Z', apply('b', 100)).record();
  expect(await daysOf(one)).toEqual(['2026-01-10', '2026-02-01 late', '2026-01-11']);
});

test('a batch brought again keeps its days', async () => {
  const one = payment(sql, '2026-01-10T10:00:00Z').does('2026-01-11T10:00:00Z', apply('a', 100));
  await one.record();
  await close('Nord GmbH', 'berlin', '2026-01-20');
  await one.record();
  expect(await daysOf(one)).toEqual(['2026-01-10', '2026-01-11']);
});

test('commands without a movement have their day too', async () => {
  const one = await issuedOn('2026-01-10T10:00:00Z');
  await close('Nord GmbH', 'berlin', '2026-01-20');
  await one.does('2026-01-11T10:00:00Z', hold('h', 100)).record();
  expect([
    ...(await sql`select booked_on::text as day from commands where reference = ${one.reference} order by revision`),
  ]).toEqual([{ day: '2026-01-10' }, { day: '2026-01-21' }]);
});

test('the day that a program gives is not asked', async () => {
  const one = await issuedOn('2026-01-10T10:00:00Z');
  await sql`
    insert into commands (reference, command_id, revision, kind, body_hash, outcome, caller, decided_at, shop_id, rules,
                          booked_on)
    values (${one.reference}, 'x', 2, 'freeze', '', 'accepted', 'x', '2026-01-11T10:00:00Z', 'berlin', 1, '2020-01-01')`;
  expect([...(await sql`select booked_on::text as day from commands where command_id = 'x'`)]).toEqual([
    { day: '2026-01-11' },
  ]);
});

test('what is issued and used in one batch is booked by the months of the entity that owes it', async () => {
  const one = payment(sql, '2026-01-10T10:00:00Z').does('2026-01-11T15:00:00Z', apply('a', 100, at('newyork')));
  const reserved = { commandId: 'issue', bodyHash: '', issuedAt: '2026-01-10T10:00:00Z' };
  const { reference } = one;
  await sql`insert into issue_reservations ${sql({ ...reserved, reference, issue: sql.json(at('berlin')) })}`;
  await close('Nord GmbH', '', '2026-01-31');
  await one.record();
  expect(await daysOf(one)).toEqual(['2026-02-01 late', '2026-02-01 late']);
});
