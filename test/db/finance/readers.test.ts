import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { connect, disconnect, type Sql } from '../../../db/connect.js';
import { addReader, isReaderName } from '../../../db/finance/readers.js';
import type { ParamKind } from '../../../domain/finance/report.js';
import { reportNames, reports } from '../../../domain/finance/reports.js';
import { createDatabase } from '../../support/database.js';
import { openShops, payment } from './books.js';
import { rowsOf } from './opens.js';

/** By a login of its own, on this run's Postgres: what it reads, and what it is refused. */

let owner: Sql;
let reader: Sql;
const name = `reader_${randomBytes(6).toString('hex')}`;
const password = randomBytes(24).toString('base64url');
beforeAll(async () => {
  const { url, sql } = await createDatabase(inject('postgresUrl'), 'migrated');
  owner = sql;
  await openShops(sql);
  await payment(sql, '2026-01-10T10:00:00Z').record();
  expect(await addReader(sql, name, 'another')).toBe('made');
  expect(await addReader(sql, name, password)).toBe('changed');
  const login = Object.assign(new URL(url), { username: name, password });
  reader = connect(login.href, { name: 'test-reader', connections: 1 });
});
afterAll(async () => {
  await disconnect(reader);
  await owner.unsafe(`drop role ${name}`);
  await disconnect(owner);
});

const said: Readonly<Record<ParamKind, string | number>> = {
  day: '2026-01-31',
  instant: '2026-02-01T00:00:00Z',
  months: 1,
  days: 30,
  grain: 'month',
  groups: '{}',
  entity: 'Nord GmbH',
  shop: 'berlin',
};

test.each(reportNames)('%s: it may be read', async (report) => {
  const needed = reports[report].params.filter(({ need }) => need === 'required');
  const params = Object.fromEntries(needed.map((param) => [param.name, said[param.kind]]));
  await expect(rowsOf(reader, report, params)).resolves.toBeInstanceOf(Array);
});

test('what it reads is there', async () => {
  const [row] = await rowsOf(reader, 'outstanding_liability', { as_of: said.instant });
  expect(row).toMatchObject({ legalEntity: 'Nord GmbH', balanceMinor: 10_000 });
});

test('it is refused every table, and what reports are made of', async () => {
  const tables = await owner<{ name: string }[]>`
    select c.oid::regclass::text as name from pg_class c
     where c.relnamespace in ('public'::regnamespace, 'staff'::regnamespace, 'finance'::regnamespace)
       and c.relkind in ('r', 'v', 'm', 'p')`;
  expect(tables.length).toBeGreaterThan(30);
  for (const table of tables)
    await expect(reader.unsafe(`select from ${table.name}`), table.name).rejects.toThrow(/permission denied/);
  await expect(reader`select finance.admit_readers()`).rejects.toThrow(/permission denied/);
  await expect(reader`select finance.held_changes()`).rejects.toThrow(/permission denied/);
  await expect(reader`create table mine (id text)`).rejects.toThrow();
});

test('nothing that it asks takes longer than a minute', async () => {
  expect([...(await reader`show statement_timeout`)]).toEqual([{ statementTimeout: '1min' }]);
});

test('a role that is there already, and is no reader, is left alone', async () => {
  expect(await addReader(owner, 'account_payments_service', 'x')).toBe('taken');
});

test('an owner or administrator who may admit readers is no reader', async () => {
  for (const [admin, rights] of [
    [`owner_${randomBytes(6).toString('hex')}`, 'createrole'],
    [`admin_${randomBytes(6).toString('hex')}`, ''],
  ] as const) {
    await owner.unsafe(`create role ${admin} login password '${password}' ${rights}`);
    await owner.unsafe(`grant finance_reader to ${admin} with admin option`);
    expect(await addReader(owner, admin, 'x')).toBe('taken');
    await owner.unsafe(`drop role ${admin}`);
  }
});

test('a login may be called as SQL calls something else', async () => {
  expect(await addReader(owner, 'user', 'x')).toBe('made');
  await owner.unsafe('drop role "user"');
});

test('an owner who may make no roles is told so', async () => {
  const url = new URL(inject('postgresUrl'));
  const poor = `poor_${randomBytes(6).toString('hex')}`;
  const [here] = await owner<{ database: string }[]>`select current_database() as database`;
  await owner.unsafe(`create role ${poor} login password '${password}'`);
  await owner.unsafe(`grant usage on schema finance to ${poor}`);
  await owner.unsafe(`grant execute on function finance.admit_readers() to ${poor}`);
  const login = Object.assign(url, { username: poor, password, pathname: `/${here?.database}` });
  const sql = connect(login.href, { name: 'test-poor', connections: 1 });
  expect(await addReader(sql, `${name}x`, 'x')).toBe('not_permitted');
  await disconnect(sql);
  await owner.unsafe(`drop owned by ${poor}`);
  await owner.unsafe(`drop role ${poor}`);
});

test.each([
  ['anna', true],
  ['anna_2', true],
  ['a', false],
  ['Anna', false],
  ['pg_monitor', false],
  ["x'; drop", false],
])('%s: a login may be called so: %s', (login, may) => {
  expect(isReaderName(login)).toBe(may);
});
