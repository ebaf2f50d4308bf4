import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../../db/connect.js';
import { SERVICE_ROLE } from '../../../db/serviceRole.js';
import { categories } from '../../../domain/finance/categories.js';
import type { ColumnKind, Param, ParamKind } from '../../../domain/finance/report.js';
import { columnsOf, movementColumns, reportNames, reports, type ReportName } from '../../../domain/finance/reports.js';
import { dispositions } from '../../../domain/payment/command.js';
import { fundingKinds } from '../../../domain/payment/funding.js';
import { movementKinds } from '../../../domain/payment/payment.js';
import { createDatabase } from '../../support/database.js';

/** The list of reports, and what Postgres has of each. */

let sql: Sql;
beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
});
afterAll(() => disconnect(sql));

test('each movement that there can be has a category, and each category is of one', async () => {
  const issues = fundingKinds.map((funding) => ['issued', funding, null] as const);
  const cancellations = dispositions.map((disposition) => ['cancelled', 'paid', disposition] as const);
  const others = movementKinds.map((kind) => [kind, 'paid', null] as const);
  const possible = [...issues, ...cancellations, ...others.filter(([kind]) => kind !== 'cancelled')];
  const rows = await sql<{ category: string }[]>`
    select finance.category(m ->> 0, m ->> 1, m ->> 2) as category from jsonb_array_elements(${sql.json(possible)}) m`;
  expect([...new Set(rows.map(({ category }) => category))].sort()).toEqual([...categories].sort());
});

const paramTypes: Readonly<Record<ParamKind, string>> = {
  day: 'date',
  instant: 'timestamp with time zone',
  grain: 'text',
  groups: 'text[]',
  entity: 'text',
  shop: 'text',
  months: 'integer',
  days: 'integer',
};
const columnTypes: Readonly<Record<ColumnKind, readonly string[]>> = {
  text: ['text'],
  day: ['date'],
  instant: ['timestamp with time zone'],
  amount: ['bigint'],
  count: ['bigint'],
  number: ['integer', 'bigint', 'numeric'],
  flag: ['boolean'],
};

type Published = {
  name: string;
  arguments: string;
  result: string;
  definer: boolean;
  volatility: string;
  config: string[] | null;
  comment: string | null;
};
const published = (name: string) => sql<Published[]>`
  select proname as name, pg_get_function_arguments(oid) as arguments, pg_get_function_result(oid) as result,
         prosecdef as definer, provolatile as volatility, proconfig as config, obj_description(oid, 'pg_proc') as comment
    from pg_proc where pronamespace = 'finance'::regnamespace and proname = ${name}`;
const attributes = (type: string) => sql<{ name: string; type: string; comment: string | null }[]>`
  select attname as name, format_type(atttypid, atttypmod) as type, col_description(attrelid, attnum) as comment
    from pg_attribute where attrelid = ${`finance.${type}`}::regclass and attnum > 0 order by attnum`;

const argumentsOf = (params: readonly Param[]) =>
  params.map(({ name, kind, need }) => `${name} ${paramTypes[kind]}${need === 'optional' ? ' DEFAULT …' : ''}`);
const shown = (text: string) => text.split(', ').map((argument) => argument.replace(/ DEFAULT .*/, ' DEFAULT …'));
const asReport = { definer: true, volatility: 's' };
/** Some have more, that their plan needs. */
const settings = ['search_path=finance, public, pg_temp', 'work_mem=64MB', 'jit=off', 'TimeZone=UTC'];

test.each(reportNames)('%s: Postgres has it as the list has it', async (name: ReportName) => {
  const [report, ...more] = await published(name);
  expect(more).toEqual([]);
  expect(report).toMatchObject({ result: `SETOF finance.${name}_row`, ...asReport });
  expect(report?.config).toEqual(expect.arrayContaining(settings));
  expect(shown(report?.arguments ?? '')).toEqual(argumentsOf(reports[name].params));
  expect(report?.comment).toMatch(/\.$/);

  const [behind] = await published(`${name}_movements`);
  expect(behind).toMatchObject({ result: 'SETOF finance.movement_row', ...asReport });
  expect(behind?.config).toEqual(expect.arrayContaining(settings));
  const [cell, figure] = shown(behind?.arguments ?? '').slice(-2);
  expect([cell, figure]).toEqual(['cell jsonb DEFAULT …', 'figure text DEFAULT …']);
  const same = argumentsOf(reports[name].params).map((argument) => argument.replace(' DEFAULT …', ''));
  expect(
    shown(behind?.arguments ?? '')
      .slice(0, -2)
      .map((argument) => argument.replace(' DEFAULT …', '')),
  ).toEqual(same);

  const columns = await attributes(`${name}_row`);
  expect(columns.map((column) => column.name)).toEqual(columnsOf(name).map(([column]) => column));
  for (const [i, [column, { kind }]] of columnsOf(name).entries()) {
    expect(columnTypes[kind], column).toContain(columns[i]?.type);
    expect(columns[i]?.comment, column).toMatch(/\.$/);
  }
});

test('the movements behind a figure have the columns of the list', async () => {
  const columns = await attributes('movement_row');
  expect(columns.map(({ name }) => name)).toEqual(Object.keys(movementColumns));
  expect(columns.filter(({ comment }) => !comment?.endsWith('.'))).toEqual([]);
});

test('every column of what finance has is explained', async () => {
  const silent = await sql`
    select attrelid::regclass::text || '.' || attname as column
      from pg_attribute join pg_class c on c.oid = attrelid
     where c.relnamespace = 'finance'::regnamespace and c.relkind in ('r', 'v', 'c') and attnum > 0
       and coalesce(col_description(attrelid, attnum), '') !~ '\\.$'`;
  expect([...silent]).toEqual([]);
});

/** What records and closes runs with the rights of the service. */
const closing = [
  'add_close',
  'booked_on',
  'category',
  'category_total',
  'close_days',
  'close_month',
  'utc',
  'with_perpetual',
];

test('reports are for those who read reports, and what they are made of is for nobody', async () => {
  const rows = await sql<{ name: string; reader: boolean; service: boolean; everybody: boolean }[]>`
    select proname as name, has_function_privilege('finance_reader', p.oid, 'execute') as reader,
           has_function_privilege(${SERVICE_ROLE}, p.oid, 'execute') as service,
           exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee = 0) as everybody
      from pg_proc p where pronamespace = 'finance'::regnamespace`;
  const open = [...reportNames.flatMap((name) => [name, `${name}_movements`] as string[]), 'closings'];
  expect(rows.filter(({ everybody }) => everybody)).toEqual([]);
  expect(
    rows
      .filter(({ reader }) => reader)
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...open].sort());
  expect(
    rows
      .filter(({ service }) => service)
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...open, ...closing].sort());
});
