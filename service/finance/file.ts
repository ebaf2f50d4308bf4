import type { ReportRow } from '../../db/finance/report.js';
import { decimalOf } from '../../domain/money.js';
import { csvLine, harmless } from '../../domain/spreadsheet.js';
import type { LedgerFile } from '../../domain/finance/ledger.js';
import { fieldOf, type Column } from '../../domain/finance/report.js';

type Batches = AsyncIterable<readonly ReportRow[]>;
type Columns = readonly (readonly [name: string, column: Column])[];

/** The rows as JSON, `{"rows":[…]}`, some at a time. */
export async function* asJson(batches: Batches): AsyncGenerator<string, void> {
  let before = '{"rows":[';
  for await (const batch of batches) {
    if (batch.length === 0) continue;
    yield before + batch.map((row) => JSON.stringify(row)).join(',');
    before = ',';
  }
  yield before === ',' ? ']}' : `${before}]}`;
}

/**
 * The rows as a file for spreadsheets, some at a time. Amounts stand in the currency beside them, with its decimals, so
 * that `applied_minor` is `applied`.
 */
export async function* asCsv(columns: Columns, batches: Batches): AsyncGenerator<string, void> {
  const cells = columns.map(([name, { kind }]) => ({ field: fieldOf(name), kind }));
  const names = cells.map(({ field, kind }) => (kind === 'amount' ? field.replace(/Minor$/, '') : field));
  // With a mark at the front by which spreadsheets know that it is UTF-8. It goes with the first rows: whoever stops
  // before has begun to read them, and ends that.
  let before = `\uFEFF${csvLine(names)}`;
  for await (const batch of batches) {
    yield before + batch.map((row) => csvLine(cells.map(({ field, kind }) => cellOf(row, field, kind)))).join('');
    before = '';
  }
  if (before !== '') yield before;
}

function cellOf(row: ReportRow, field: string, kind: Column['kind']): string | number | boolean | null {
  const value = row[field] ?? null;
  if (typeof value === 'string') return kind === 'text' ? harmless(value) : value;
  return kind === 'amount' && typeof value === 'number' ? decimalOf(value, String(row['currency'])) : value;
}

/** A file is handed out as it is: a program reads it. */
export function fileHeadersOf({ name }: Pick<LedgerFile, 'name'>): Record<string, string> {
  const charset = name.startsWith('EXTF_') ? 'windows-1252' : 'utf-8';
  return {
    'Content-Type': `text/csv; charset=${charset}`,
    'Content-Disposition': `attachment; filename="${name}"`,
  };
}
