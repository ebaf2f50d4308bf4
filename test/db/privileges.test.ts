import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { connect, disconnect, type Sql } from '../../db/connect.js';
import { letServiceConnect, SERVICE_ROLE } from '../../db/serviceRole.js';
import { createDatabase } from '../support/database.js';

/** As whom API and worker work, by a login of its own: what it can do to the books when it is not ours any more. */

let owner: Sql;
let service: Sql;
beforeAll(async () => {
  const { url, sql } = await createDatabase(inject('postgresUrl'), 'migrated');
  owner = sql;
  const password = randomBytes(24).toString('base64url');
  await letServiceConnect(sql, password);
  const login = Object.assign(new URL(url), { username: SERVICE_ROLE, password });
  service = connect(login.href, { name: 'test-service', connections: 1 });
});
afterAll(() => Promise.all([owner, service].map(disconnect)));

type May = { readonly insert?: true; readonly update?: readonly string[]; readonly delete?: true };

/** Every table, and what the service may do beside reading it. */
const may: Readonly<Record<string, May>> = {
  'finance.ledger_balances': { insert: true },
  'finance.tax_rates': { insert: true },
  'finance.account_codes': { insert: true },
  'finance.breakage_rates': { insert: true },
  'finance.close_rows': { insert: true },
  'finance.closed_through': { insert: true, update: ['day'] },
  'finance.closes': { insert: true },
  'finance.closes_in_force': {},
  'finance.export_files': { insert: true },
  'finance.exported_days': { insert: true },
  'finance.exports': { insert: true },
  'finance.ledger_settings': { insert: true },
  'finance.proven': {},
  'public.account_payments': {
    insert: true,
    update: [
      ...['balance_minor', 'ended_balance_minor', 'expires_at', 'frozen_causes', 'held_minor', 'last_sequence'],
      ...['notes', 'revision', 'status'],
    ],
  },
  'public.api_keys': { update: ['last_used_at'] },
  'public.attended_sales': { insert: true },
  'public.attended_signals': { insert: true },
  'public.books_compared': { insert: true },
  'public.callers': {},
  'public.commands': { insert: true },
  'public.customer_erasures': { insert: true },
  'public.customers': { insert: true, update: ['email', 'name', 'name_words', 'phone', 'updated_at'], delete: true },
  'public.first_slips': { insert: true, update: ['shown'] },
  'public.gifts': {
    insert: true,
    update: ['code', 'decided_at', 'message', 'reason', 'source_revision', 'status', 'to_reference'],
  },
  'public.issue_reservations': { insert: true, update: ['notes'] },
  'public.kept_fees': { insert: true },
  'public.ledger_conflicts': { insert: true, update: ['last_met_at'] },
  'public.movements': { insert: true },
  'public.products': { insert: true, update: ['name', 'name_words', 'updated_at'] },
  'public.reconciliation_differences': { insert: true },
  'public.reconciliation_resolutions': { insert: true },
  'public.reconciliations': { insert: true },
  'public.request_keys': { insert: true, update: ['outcome_code'] },
  'public.rules_switched': {},
  'public.sale_commands': { insert: true },
  'public.sale_plans': { insert: true },
  'public.sent_signals': { insert: true, delete: true },
  'public.shops': {},
  'public.usage_records': {},
  'staff.credentials': { insert: true, update: ['password', 'updated_at'] },
  'staff.log': { insert: true },
  'staff.member_shops': { insert: true, delete: true },
  'staff.members': { insert: true, update: ['disabled_at', 'role', 'updated_at'] },
  'staff.secrets': {},
  'staff.sessions': { insert: true, update: ['expires_at', 'last_used_at', 'shop_id', 'updated_at'], delete: true },
  'staff.sign_in_attempts': { insert: true, update: ['last_tried_at', 'tries'], delete: true },
  'staff.verifications': { insert: true, delete: true },
};
/** What it may not even read. */
const closed = [
  ...[
    'finance.account_periods',
    'finance.breakage_periods',
    'finance.entries',
    'finance.kept',
    'finance.payments',
    'finance.reinstated',
    'finance.tax_periods',
  ],
  'public.schema_migrations',
];

test('every table stands in the list', async () => {
  const rows = await owner<{ name: string }[]>`
    select schemaname || '.' || relname as name from (
      select schemaname, tablename as relname from pg_tables union all
      select schemaname, viewname from pg_views) relations
     where schemaname in ('public', 'staff', 'finance') order by 1`;
  expect(rows.map(({ name }) => name)).toEqual([...Object.keys(may), ...closed].sort());
});

test.each(Object.entries(may))(
  '%s: it may do this and no more',
  async (table, { insert, update = [], delete: remove }) => {
    expect(await isLet(`select from ${table} limit 0`), 'select').toBe(true);
    expect(await isLet(`insert into ${table} default values`), 'insert').toBe(insert === true);
    expect(await isLet(`delete from ${table} where false`), 'delete').toBe(remove === true);
    const [more] = await owner<{ may: boolean }[]>`
    select has_table_privilege(${SERVICE_ROLE}, ${table}, 'truncate, references, trigger') as may`;
    expect(more?.may, 'truncate, references, trigger').toBe(false);
    const columns = await owner<{ name: string; may: boolean }[]>`
    select attname as name, has_column_privilege(${SERVICE_ROLE}, attrelid, attnum, 'update') as may
      from pg_attribute where attrelid = ${table}::regclass and attnum > 0 and not attisdropped order by attname`;
    expect(columns.filter((column) => column.may).map(({ name }) => name)).toEqual([...update].sort());
  },
);

test.each(closed)('%s: it may not read it', async (table) => {
  expect(await isLet(`select from ${table} limit 0`)).toBe(false);
});

/** Each of these is a way around the rules that the database holds. */
const ways = [
  'drop trigger movements_append_only on movements',
  'alter table movements disable trigger all',
  'alter table commands add column more text',
  'alter table account_payments drop constraint account_payments_amount_minor_check',
  'drop table gifts',
  'create table more (id text)',
  'create temporary table account_payments (reference text)',
  'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return old; end $$',
  'create trigger mine before insert on movements for each row execute function refuse_change()',
  'create index mine on movements (moved_at)',
  'create schema mine',
  'set session_replication_role = replica',
  'set role postgres',
  `alter role ${SERVICE_ROLE} superuser`,
  'create role another',
  "copy movements to program 'cat'",
  'create extension dblink',
];
test.each(ways)('it may not: %s', async (statement) => {
  expect(await isLet(statement)).toBe(false);
});

test('a table that comes later can be read and added to, and nothing else', async () => {
  await owner`create table later (id text primary key)`;
  expect(await isLet('select from later limit 0')).toBe(true);
  expect(await isLet(`insert into later values ('1')`)).toBe(true);
  expect(await isLet(`update later set id = '2'`)).toBe(false);
  expect(await isLet('delete from later')).toBe(false);
  await owner`drop table later`;
});

/** Whether it gets as far as the tables' own rules. Whatever comes of it is taken back. */
async function isLet(statement: string): Promise<boolean> {
  const undone = new Error('undone');
  const outcome: unknown = await service
    .begin(async (tx) => {
      await tx.unsafe(statement);
      throw undone;
    })
    .catch((error: unknown) => error);
  if (outcome === undone) return true;
  if (!(outcome instanceof postgres.PostgresError)) throw outcome;
  return outcome.code !== INSUFFICIENT_PRIVILEGE && outcome.code !== NOT_A_TABLE;
}

const INSUFFICIENT_PRIVILEGE = '42501';
/** A view that sums or joins takes nothing from anybody. */
const NOT_A_TABLE = '55000';
