import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import type { Sql } from '../../db/connect.js';
import { migrate } from '../../db/migrate.js';
import { LedgerConflict, recordBatch } from '../../db/payment/record.js';
import { handle } from '../../domain/payment/handle.js';
import type { CommandRecord } from '../../domain/payment/state.js';
import { apply, cancel, NOW, recorded, refund } from '../domain/payment/build.js';
import { createDatabase } from '../support/database.js';
import { connect, disconnect } from '../../db/connect.js';

let sql: Sql;
let url: string;
let number = 0;
let reference = '';

beforeAll(async () => {
  ({ sql, url } = await createDatabase(inject('postgresUrl')));
});
afterAll(() => disconnect(sql));

/** Issued, 2,500 spent by S, refused once, 500 given back. */
beforeEach(async () => {
  reference = `ACC-20261123-${String((number += 1)).padStart(8, '0')}`;
  await recordBatch(sql, batch(), 'run');
});

function batch(...more: Parameters<typeof handle>[1][]) {
  const state = recorded({ reference });
  for (const command of [apply('a1', 2_500), apply('a2', 99_999), refund('r1', 500), ...more])
    handle(state, command, NOW);
  return { terms: state.payment.terms, records: state.outbox };
}

const movement = (overrides: object) => ({
  reference,
  sequence: 4,
  commandId: 'a2',
  kind: 'applied',
  amountMinor: -1,
  balanceBeforeMinor: 8_000,
  balanceAfterMinor: 7_999,
  saleShopId: 'main',
  saleId: 'S',
  shopId: 'main',
  caller: 'x',
  movedAt: '2026-11-23T10:00:00.000Z',
  ...overrides,
});
const add = (overrides: object) => sql`insert into movements ${sql(movement(overrides))}`;

test.each([
  [
    'a balance before that is not the balance after the one before',
    { balanceBeforeMinor: 9_000, balanceAfterMinor: 8_999 },
  ],
  ['a gap in the numbers', { sequence: 6 }],
  ['sums that do not add up', { balanceAfterMinor: 7_000 }],
  ['a movement of nothing', { amountMinor: 0, balanceAfterMinor: 8_000 }],
  ['a purchase that adds', { amountMinor: 1, balanceAfterMinor: 8_001 }],
  ['a purchase without a sale', { saleShopId: null, saleId: null }],
  ['a second issue', { kind: 'issued', amountMinor: 5, balanceAfterMinor: 8_005, saleShopId: null, saleId: null }],
  ['a command that nobody sent', { commandId: 'nobody' }],
  ['a second movement of one command', { commandId: 'a1' }],
  ['a balance below zero', { amountMinor: -8_001, balanceAfterMinor: -1 }],
  ['a movement that the payment does not know of', {}],
  ['more back to a sale than it took', { kind: 'refunded', amountMinor: 2_001, balanceAfterMinor: 10_001 }],
])('the database refuses %s', async (_, overrides) => {
  await expect(add(overrides)).rejects.toThrow();
});

test.each([
  ['to change a movement', () => sql`update movements set amount_minor = -1 where reference = ${reference}`],
  ['to delete a movement', () => sql`delete from movements where reference = ${reference}`],
  ['to empty the movements', () => sql`truncate movements cascade`],
  ['to change a command', () => sql`update commands set outcome = 'accepted' where reference = ${reference}`],
  ['to delete a payment', () => sql`delete from account_payments where reference = ${reference}`],
  ['a row that goes back', () => sql`update account_payments set revision = 2 where reference = ${reference}`],
  [
    'a balance of its own',
    () => sql`update account_payments set balance_minor = 9000, revision = 9 where reference = ${reference}`,
  ],
  [
    'another balance at the same revision',
    () => sql`update account_payments set held_minor = 1 where reference = ${reference}`,
  ],
  [
    'other terms',
    () => sql`update account_payments set customer_id = 'D', revision = 9 where reference = ${reference}`,
  ],
  [
    'more held than there is',
    () => sql`update account_payments set held_minor = 8001, revision = 9 where reference = ${reference}`,
  ],
  [
    'a used payment with money in it',
    () => sql`update account_payments set status = 'used', revision = 9 where reference = ${reference}`,
  ],
])('the database refuses %s', async (_, change) => {
  await expect(change()).rejects.toThrow();
});

const OTHER = 'ACC-20261123-0THER000';

test.each([
  ['a gift that names nobody', () => add({ kind: 'gifted', saleShopId: null, saleId: null })],
  ['a gift that is a sale', () => add({ kind: 'gifted', counterpart: OTHER })],
  [
    'a gift that adds',
    () =>
      add({
        kind: 'gifted',
        saleShopId: null,
        saleId: null,
        counterpart: OTHER,
        amountMinor: 1,
        balanceAfterMinor: 8_001,
      }),
  ],
  ['a purchase with another side', () => add({ counterpart: OTHER })],
  ['a gift to oneself', () => sql`insert into gifts ${sql({ ...aGift, toCustomerId: 'C' })}`],
  [
    'a gift that is done without a payment',
    () => sql`insert into gifts ${sql({ ...aGift, status: 'completed', decidedAt: '2026-11-23T10:00:00Z' })}`,
  ],
  [
    'a gift that is refused without a reason',
    () => sql`insert into gifts ${sql({ ...aGift, status: 'refused', decidedAt: '2026-11-23T10:00:00Z' })}`,
  ],
])('the database refuses %s', async (_, change) => {
  await expect(change()).rejects.toThrow(/check constraint/);
});

const aGift = {
  ...{
    giftId: 'T',
    bodyHash: 'h',
    reference: OTHER,
    customerId: 'C',
    toCustomerId: 'D',
    amountMinor: 1,
    currency: 'EUR',
  },
  status: 'pending',
  caller: 'm',
  shopId: 'main',
  requestedAt: '2026-11-23T10:00:00Z',
};

test('where a payment came from does not change', async () => {
  await expect(
    sql`update account_payments set gift_id = 'T', revision = 9 where reference = ${reference}`,
  ).rejects.toThrow(/where it came from/);
  await expect(
    sql`update account_payments set replaces = reference, revision = 9 where reference = ${reference}`,
  ).rejects.toThrow(/where it came from/);
});

test('nothing follows the movement that ended a payment', async () => {
  const ended = batch(cancel('c'));
  await recordBatch(sql, ended, 'run');
  const after = { sequence: 5, balanceBeforeMinor: 0, balanceAfterMinor: 7, kind: 'refunded', amountMinor: 7 };
  await expect(add(after)).rejects.toThrow(/foreign key/);
});

test('a batch that is brought again changes nothing; who brings less than the books have was reset', async () => {
  const before = await everything();
  await recordBatch(sql, batch(), 'run');
  const { terms, records } = batch();
  await recordBatch(sql, { terms, records: records.slice(2) }, 'run');
  await expect(recordBatch(sql, { terms, records: records.slice(0, 2) }, 'run')).rejects.toMatchObject({
    books: 'differ',
  });
  expect(await everything()).toEqual(before);
});

test('two recorders that bring the same at once write it once', async () => {
  reference = `ACC-20261123-${String((number += 1)).padStart(8, '0')}`;
  await Promise.all(Array.from({ length: 6 }, () => recordBatch(sql, batch(), 'run')));
  const [counts] = await sql<{ commands: number; movements: number }[]>`
    select (select count(*) from commands where reference = ${reference}) as commands,
           (select count(*) from movements where reference = ${reference}) as movements`;
  expect(counts).toEqual({ commands: 4, movements: 3 });
});

test('records that differ from the books are a conflict: nothing is overwritten and nothing is added', async () => {
  const before = await everything();
  const { terms, records } = batch(apply('a3', 7));
  const forged = records.map((record): CommandRecord =>
    record.revision === 2 ? { ...record, by: { ...record.by, caller: 'another' } } : record,
  );
  await expect(recordBatch(sql, { terms, records: forged }, 'run')).rejects.toThrow(LedgerConflict);
  expect(await everything()).toEqual(before);
});

test('usage records have the signs of a sale', async () => {
  const rows =
    await sql`select kind, amount_minor, balance_after_minor from usage_records where reference = ${reference} order by sequence`;
  expect([...rows]).toEqual([
    { kind: 'apply', amountMinor: 2_500, balanceAfterMinor: 7_500 },
    { kind: 'refund', amountMinor: -500, balanceAfterMinor: 8_000 },
  ]);
});

test('notes that were left at the reservation come with the row', async () => {
  reference = `ACC-20261123-${String((number += 1)).padStart(8, '0')}`;
  await sql`insert into issue_reservations ${sql({ commandId: reference, reference, bodyHash: 'h', issuedAt: '2026-11-23T10:00:00Z', notes: 'blue', issue: sql.json({}) })}`;
  await recordBatch(sql, batch(), 'run');
  expect((await everything()).payment).toMatchObject({ notes: 'blue' });
});

test('jurisdictions that were typed freely are migrated, and the shops are named that lose theirs', async () => {
  const fresh = await createDatabase(inject('postgresUrl'));
  await fresh.sql`drop schema public, staff, finance cascade`;
  await fresh.sql`create schema public`;
  await disconnect(fresh.sql);
  const told: string[] = [];
  const migrating = connect(fresh.url, { name: 'test', connections: 1, warn: (sentence) => told.push(sentence) });
  await migrate(migrating, (name) => name < '370');
  const typed = { a: 'us-ca', b: ' de ', c: 'California', d: 'AU-NSW', e: null };
  const shop = { name: 'Shop', legalEntity: 'Shops Ltd', currency: 'EUR', timeZone: 'UTC' };
  for (const [shopId, jurisdiction] of Object.entries(typed))
    await migrating`insert into shops ${migrating({ shopId, jurisdiction, ...shop })}`;
  await migrate(migrating);
  const shops = await migrating<{ shopId: string; jurisdiction: string | null }[]>`
    select shop_id, jurisdiction from shops order by shop_id`;
  expect(shops.map(({ jurisdiction }) => jurisdiction)).toEqual(['US-CA', 'DE', null, 'AU-NSW', null]);
  expect(told).toEqual([
    expect.stringContaining('The shop c has no jurisdiction any more: "California" is no country'),
  ]);
  await disconnect(migrating);
});

test('two starts at once migrate once, and a third finds nothing to do', async () => {
  const fresh = await createDatabase(inject('postgresUrl'));
  await fresh.sql`drop schema public, staff, finance cascade`;
  await fresh.sql`create schema public`;
  await disconnect(fresh.sql);
  const [one, two] = [
    connect(fresh.url, { name: 'one', connections: 2 }),
    connect(fresh.url, { name: 'two', connections: 2 }),
  ];
  const applied = await Promise.all([migrate(one), migrate(two)]);
  const names = await readdir(new URL('../../db/migrations/', import.meta.url));
  expect(applied.flat()).toEqual(names.sort());
  expect(await migrate(one)).toEqual([]);
  await one`update schema_migrations set hash = 'changed'`;
  await expect(migrate(two)).rejects.toThrow('was changed after it had been applied');
  await Promise.all([disconnect(one), disconnect(two)]);
  expect(url).toContain('test_');
});

async function everything() {
  const [payment] = await sql`select * from account_payments where reference = ${reference}`;
  const movements = await sql`select * from movements where reference = ${reference} order by sequence`;
  const commands = await sql`select * from commands where reference = ${reference} order by revision`;
  return { payment, movements: [...movements], commands: [...commands] };
}

test('two fees that are kept at the same moment never come to more than the sale took', async () => {
  await recordBatch(sql, batch(cancel('c1')), 'run');
  const other = connect(url, { name: 'other', connections: 1 });
  const kept = { saleShopId: 'main', saleId: 'S', returnId: 'R', shopId: 'main', caller: 'till-1' };
  const fee = (commandId: string) => ({ ...kept, commandId, reference, keptMinor: 1_500 });
  try {
    const [first, second] = await Promise.all([sql.reserve(), other.reserve()]);
    for (const each of [first, second]) await each`begin`;
    await first`insert into kept_fees ${first(fee(`${reference}-1`))}`;
    await second`insert into kept_fees ${second(fee(`${reference}-2`))}`;
    await first`set constraints all immediate`;
    const waits = second`set constraints all immediate`.then(
      () => 'kept',
      (error: Error) => error.message,
    );
    await first`commit`;
    expect(await waits).toContain('got back more than it took');
    await second`rollback`;
    for (const each of [first, second]) each.release();
  } finally {
    await disconnect(other);
  }
});
