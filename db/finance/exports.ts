import type { Account } from '../../domain/finance/accounts.js';
import type { ClosedEverywhere, ExportWish, LedgerFile } from '../../domain/finance/ledger.js';
import type { Instant } from '../../domain/instants.js';
import type { Sql } from '../connect.js';

/** What was handed to a ledger. */
export type ExportRow = ExportWish & {
  readonly number: number;
  /** All that it debits, which is all that it credits. */
  readonly debitsMinor: number;
  readonly madeBy: string;
  readonly madeAt: Instant;
};

/** What a shop posts on a day from one account to another. */
export type PostedRow = {
  readonly day: string;
  readonly shopId: string;
  readonly shopName: string;
  readonly debit: Account;
  readonly credit: Account;
  readonly debitCode: string;
  readonly creditCode: string;
  readonly amountMinor: number;
};

const columns = (sql: Sql) => sql`
  number, legal_entity, currency, format, from_day::text as from_day, to_day::text as to_day, debits_minor, made_by,
  made_at`;

/** Those that took some of these days, in the order of their numbers. */
export async function exportsOf(sql: Sql, { legalEntity, currency, fromDay, toDay }: ExportWish): Promise<ExportRow[]> {
  return sql<ExportRow[]>`
    select ${columns(sql)} from finance.exports where number in (
      select number from finance.exported_days
       where legal_entity = ${legalEntity} and currency = ${currency}
         and day between ${fromDay}::date and ${toDay}::date)
     order by number`;
}

/**
 * Until which day every shop is closed, for what moves in one may be posted in the entity of another, and the shop that
 * is furthest behind; `undefined` when no shop is of this entity. A close waits for whoever records: what is read after
 * this has all that these days will ever have. A new shop had nothing before it came.
 */
export async function closedEverywhere(sql: Sql, legalEntity: string): Promise<ClosedEverywhere | undefined> {
  const [row] = await sql<ClosedEverywhere[]>`
    select closed.day::text as closed_through, s.shop_id
      from shops s
      left join finance.closed_through of_shop using (legal_entity, shop_id)
      left join finance.closed_through of_entity on (of_entity.legal_entity, of_entity.shop_id) = (s.legal_entity, '')
     cross join lateral (
       select greatest(of_shop.day, of_entity.day, case when of_shop.day is null then
                least((s.created_at at time zone s.time_zone)::date,
                      (select min(m.booked_on) from movements m where m.shop_id = s.shop_id)) - 1 end) as day) closed
     where exists (select from shops where legal_entity = ${legalEntity})
     order by closed.day, s.shop_id limit 1`;
  return row;
}

export async function postedOn(sql: Sql, { legalEntity, currency, fromDay, toDay }: ExportWish): Promise<PostedRow[]> {
  return sql<PostedRow[]>`
    select j.day::text as day, j.shop_id, coalesce(s.name, j.shop_id) as shop_name, j.debit, j.credit,
           j.debit_code, j.credit_code, j.amount_minor
      from finance.journal(${fromDay}::date, ${toDay}::date, ${legalEntity}) j left join shops s using (shop_id)
     where j.currency = ${currency}`;
}

/** Takes the days, and returns the number of the export that took them. */
export async function insertExport(tx: Sql, made: Omit<ExportRow, 'number'>): Promise<number> {
  const [row] = await tx<{ number: number }[]>`insert into finance.exports ${tx(made)} returning number`;
  if (!row) throw new Error('an export without a number');
  const { legalEntity, currency, fromDay, toDay } = made;
  await tx`
    insert into finance.exported_days (legal_entity, currency, day, number)
    select ${legalEntity}, ${currency}, ${fromDay}::date + n, ${row.number}
      from generate_series(0, ${toDay}::date - ${fromDay}::date) n`;
  return row.number;
}

export async function insertExportFiles(tx: Sql, number: number, files: readonly LedgerFile[]): Promise<void> {
  if (files.length === 0) return;
  const rows = files.map(({ name, bytes }, i) => ({ number, position: i + 1, name, content: Buffer.from(bytes) }));
  await tx`insert into finance.export_files ${tx(rows)}`;
}

/** The files of an export, as they were when it was made. */
export async function exportFiles(sql: Sql, number: number): Promise<LedgerFile[]> {
  return sql<LedgerFile[]>`
    select name, content as bytes from finance.export_files where number = ${number} order by position`;
}

/** The latest first. */
export async function listExports(sql: Sql): Promise<ExportRow[]> {
  return sql<ExportRow[]>`select ${columns(sql)} from finance.exports order by number desc`;
}
