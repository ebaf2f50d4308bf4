import type { Sql } from '../../db/connect.js';
import { findLedgerSettings } from '../../db/finance/entered.js';
import {
  closedEverywhere,
  exportFiles,
  exportsOf,
  insertExport,
  insertExportFiles,
  postedOn,
  type ExportRow,
  type PostedRow,
} from '../../db/finance/exports.js';
import { lockExports } from '../../db/finance/locks.js';
import { ledgerFiles } from '../../domain/finance/files.js';
import {
  notCarried,
  type ExportMaking,
  type ExportWish,
  type LedgerFile,
  type Posting,
} from '../../domain/finance/ledger.js';
import type { ExportRefusal } from '../../domain/finance/refusals.js';
import { instantOf } from '../../domain/instants.js';

export type Exported = {
  readonly export: ExportRow;
  readonly files: readonly LedgerFile[];
  readonly made: ExportMaking;
};

/** Hands some days of an entity and currency to its ledger, each day once. */
export async function exportJournal(
  sql: Sql,
  wish: ExportWish,
  { madeBy, nowMs }: { readonly madeBy: string; readonly nowMs: number },
): Promise<Exported | ExportRefusal> {
  return sql.begin(async (transaction) => {
    const tx = transaction as unknown as Sql;
    await lockExports(tx, wish.legalEntity);
    const before = await exportsOf(tx, wish);
    const [same] = before.filter((each) => isOf(each, wish));
    if (same) return { export: same, files: await exportFiles(tx, same.number), made: 'before' };
    if (before.length > 0) return { code: 'days_exported', exports: before.map(({ number }) => number) };
    return makeExport(tx, wish, { madeBy, madeAt: instantOf(nowMs) });
  });
}

async function makeExport(
  tx: Sql,
  wish: ExportWish,
  made: Pick<ExportRow, 'madeBy' | 'madeAt'>,
): Promise<Exported | ExportRefusal> {
  const closed = await closedEverywhere(tx, wish.legalEntity);
  if (closed === undefined) return { code: 'entity_not_found' };
  if (wish.toDay > closed.closedThrough) return { code: 'days_not_over', ...closed };
  const settings = await findLedgerSettings(tx, wish.legalEntity, wish.format);
  if (!settings) return { code: 'ledger_settings_missing' };
  const posted = await postedOn(tx, wish);
  if (posted.length === 0) return { code: 'nothing_posted' };
  const accounts = withoutCode(posted);
  if (accounts.length > 0) return { code: 'account_code_missing', accounts };

  const { currency, fromDay: from, toDay: to } = wish;
  const journal = { currency, from, to, madeAt: made.madeAt, postings: posted.map(postingOf) };
  // What a format cannot carry is known before a number is taken.
  const tried = ledgerFiles({ ...journal, number: 0 }, settings);
  if (notCarried(tried)) return tried;
  const row = { ...wish, ...made, debitsMinor: posted.reduce((sum, { amountMinor }) => sum + amountMinor, 0) };
  const number = await insertExport(tx, row);
  const carried = ledgerFiles({ ...journal, number }, settings);
  if (notCarried(carried)) throw new Error(`export ${number} cannot be carried: ${carried.code}`);
  await insertExportFiles(tx, number, carried.files);
  return { export: { ...row, number }, files: carried.files, made: 'now' };
}

function isOf({ format, fromDay, toDay }: ExportRow, wish: ExportWish): boolean {
  return format === wish.format && fromDay === wish.fromDay && toDay === wish.toDay;
}

function withoutCode(posted: readonly PostedRow[]) {
  const missing = posted.flatMap(({ debit, credit, debitCode, creditCode }) => [
    ...(debitCode === '' ? [debit] : []),
    ...(creditCode === '' ? [credit] : []),
  ]);
  return [...new Set(missing)].sort();
}

function postingOf({ debit, credit, debitCode, creditCode, ...posted }: PostedRow): Posting {
  return { ...posted, debit: { account: debit, code: debitCode }, credit: { account: credit, code: creditCode } };
}
