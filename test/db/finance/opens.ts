import { expect } from 'vitest';
import type { Sql } from '../../../db/connect.js';
import { readMovements, readReport, type ReportParams, type ReportRow } from '../../../db/finance/report.js';
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

/** Reads a report, and opens every figure of every row: what is behind it comes to it. */
export async function openedRowsOf(sql: Sql, name: ReportName, params: ReportParams): Promise<ReportRow[]> {
  const rows = await rowsOf(sql, name, params);
  for (const row of rows) {
    const keys = Object.fromEntries(keysOf(name).map((key) => [key, row[fieldOf(key)] as string]));
    for (const figure of figuresOf(name)) {
      const behind = await all(readMovements(sql, name, params, { keys, figure }));
      const sumMinor = behind.reduce((sum, { amountMinor }) => sum + Number(amountMinor), 0);
      expect(sumMinor, `${figure} of ${JSON.stringify(keys)}`).toBe(row[fieldOf(figure)]);
      const places = behind.map(
        ({ movedAt, reference, sequence }) => `${movedAt} ${reference} ${String(sequence).padStart(9)}`,
      );
      expect(places).toEqual([...places].sort());
      expect(new Set(places).size).toBe(places.length);
    }
  }
  return rows;
}
