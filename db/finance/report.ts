import type postgres from 'postgres';
import type { Column, Param, ParamKind } from '../../domain/finance/report.js';
import { movementColumns, reports, type ReportName } from '../../domain/finance/reports.js';
import { asker } from '../asker.js';
import { takeBack } from '../bounded.js';
import type { Sql } from '../connect.js';

/** By the parameter's name; what is left out or undefined takes its default. Days are `2026-11-23`. */
export type ReportParams = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** A row by its columns' fields (`fieldOf`), in order. Amounts and counts are numbers, days and instants are texts. */
export type ReportRow = Readonly<Record<string, string | number | boolean | null>>;

/** One figure of one row: the values of the row's keys, of which some may be left out, and the column. */
export type Cell = { readonly keys: Readonly<Record<string, string | number | null>>; readonly figure: string };

const BATCH = 1_000;

/** The rows of a report, some at a time, in its order. Whoever stops reading ends the query. */
export function readReport(sql: Sql, name: ReportName, params: ReportParams): AsyncIterable<ReportRow[]> {
  const { columns } = reports[name];
  return read(sql, columns, sql`${sql(`finance.${name}`)}(${argumentsOf(sql, name, params)})`);
}

/** The movements behind one figure, in the order in which they happened. Their amounts sum to it. */
export function readMovements(
  sql: Sql,
  name: ReportName,
  params: ReportParams,
  cell: Cell,
): AsyncIterable<ReportRow[]> {
  const named = argumentsOf(sql, name, params);
  const ofCell = sql`cell => ${sql.json(cell.keys)}, figure => ${cell.figure}`;
  const behind = sql`${sql(`finance.${name}_movements`)}(${named}${hasAny(params) ? sql`, ` : sql``}${ofCell})`;
  return read(sql, movementColumns, behind);
}

async function* read(
  sql: Sql,
  columns: Readonly<Record<string, Column>>,
  source: postgres.PendingQuery<postgres.Row[]>,
): AsyncGenerator<ReportRow[], void> {
  const selected = Object.entries(columns).map(([column, { kind }]) =>
    // A day has no time zone; read as an instant it would get one.
    kind === 'day' ? sql`${sql(column)}::text` : sql`${sql(column)}`,
  );
  const query = sql<ReportRow[]>`select ${joined(sql, selected)} from ${source}`;
  const gone = asker();
  const giveUp = () => takeBack(query);
  gone?.addEventListener('abort', giveUp);
  try {
    yield* query.cursor(BATCH);
  } finally {
    gone?.removeEventListener('abort', giveUp);
  }
}

/** The parameters of a report, as its function takes them by name. */
export function argumentsOf(sql: Sql, name: ReportName, params: ReportParams) {
  const given = reports[name].params.flatMap((param: Param) => {
    const value = params[param.name];
    if (value === undefined) return [];
    const typed = sql`${sql(param.name)} => ${value as string}::${sql.unsafe(types[param.kind])}`;
    // Instants are told and asked in milliseconds, and the books know more exactly: all of that millisecond counts.
    return [param.name === 'known_at' ? sql`${typed} + interval '999 microseconds'` : typed];
  });
  return joined(sql, given);
}

function hasAny(params: ReportParams): boolean {
  return Object.values(params).some((value) => value !== undefined);
}

/** As what Postgres takes each of them. */
const types: Readonly<Record<ParamKind, string>> = {
  day: 'date',
  instant: 'timestamptz',
  grain: 'text',
  groups: 'text[]',
  entity: 'text',
  shop: 'text',
  months: 'integer',
  days: 'integer',
};

function joined(sql: Sql, parts: readonly postgres.PendingQuery<postgres.Row[]>[]) {
  return parts.reduce((all, part, i) => (i === 0 ? part : sql`${all}, ${part}`), sql``);
}
