import { expect } from 'vitest';
import type { Sql } from '../../../db/connect.js';
import {
  argumentsOf,
  readMovements,
  readReport,
  type ReportParams,
  type ReportRow,
} from '../../../db/finance/report.js';
import { fieldOf } from '../../../domain/finance/report.js';
import { figuresOf, keysOf, type ReportName } from '../../../domain/finance/reports.js';

export async function rowsOf(sql: Sql, name: ReportName, params: ReportParams): Promise<ReportRow[]> {
  return all(readReport(sql, name, params));
}

async function all(batches: AsyncIterable<ReportRow[]>): Promise<ReportRow[]> {
  const rows: ReportRow[] = [];
  for await (const batch of batches) rows.push(...batch);
  return rows;
}

/** So few figures are opened by one statement, whose time has a limit. */
const AT_ONCE = 100;

/** Reads a report, and opens every figure of every row: what is behind it, each movement once, comes to it. */
export async function openedRowsOf(sql: Sql, name: ReportName, params: ReportParams): Promise<ReportRow[]> {
  const rows = await rowsOf(sql, name, params);
  const cells = rows.flatMap((row) => {
    const cell = Object.fromEntries(keysOf(name).map((key) => [key, row[fieldOf(key)] as string]));
    return figuresOf(name).map((figure) => ({ cell, figure, amountMinor: row[fieldOf(figure)] as number }));
  });
  const named = argumentsOf(sql, name, params);
  for (let from = 0; from < cells.length; from += AT_ONCE) {
    const unlike = await sql`
      select c ->> 'figure' as figure, c -> 'cell' as cell, (c -> 'amountMinor')::bigint as told_minor, behind.*
        from jsonb_array_elements(${sql.json(cells.slice(from, from + AT_ONCE))}) c
       cross join lateral (
         select coalesce(sum(m.amount_minor), 0) as behind_minor, count(*) as rows,
                count(distinct (m.reference, m.sequence, m.command_id)) as movements
           from ${sql(`finance.${name}_movements`)}(
                  ${named}${Object.keys(params).length > 0 ? sql`, ` : sql``}cell => c -> 'cell', figure => c ->> 'figure') m
       ) behind
       where behind_minor <> (c -> 'amountMinor')::bigint or behind.rows <> movements`;
    expect([...unlike]).toEqual([]);
  }
  await expectOrder(sql, name, params, cells.filter(({ amountMinor }) => amountMinor !== 0).at(-1));
  return rows;
}

type Opened = { cell: Record<string, string>; figure: string; amountMinor: number };

async function expectOrder(
  sql: Sql,
  name: ReportName,
  params: ReportParams,
  opened: Opened | undefined,
): Promise<void> {
  if (!opened) return;
  const behind = await all(readMovements(sql, name, params, { keys: opened.cell, figure: opened.figure }));
  expect(behind.reduce((sum, { amountMinor }) => sum + Number(amountMinor), 0)).toBe(opened.amountMinor);
  const places = behind.map((row) => `${row['movedAt']} ${row['reference']} ${String(row['sequence']).padStart(9)}`);
  expect(places).toEqual([...places].sort());
}
