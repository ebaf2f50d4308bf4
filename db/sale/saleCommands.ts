import type { Line, SaleKey } from '../../domain/payment/command.js';
import type { AnsweredBefore, Return, SaleInBooks, SaleRecord } from '../../domain/sale/sale.js';
import type { Sql } from '../connect.js';
import { addKeys, type RequestKey } from '../requestKeys.js';
import { together } from '../slots.js';
import { ofSale } from './ofSale.js';

/**
 * Writes down what a sale answered; brought again it changes nothing.
 * @returns how many of the keys stand for other requests
 */
export async function insertSaleCommands(sql: Sql, records: readonly SaleRecord[]): Promise<number> {
  const rows = records.map((record) => asColumns(sql, record));
  const [, reused] = await together([
    sql`insert into sale_commands ${sql(rows)} on conflict do nothing`,
    addKeys(sql, keysOf(records)),
  ]);
  return reused;
}

/** The requests that they were. */
export function keysOf(records: readonly SaleRecord[]): RequestKey[] {
  return records.flatMap(({ requestId, bodyHash: requestHash, by: { caller } }) =>
    requestId === null ? [] : [{ requestId, requestHash, caller, reference: null }],
  );
}

/** A row as `sql` inserts it. */
export function asColumns(sql: Sql, { by, at, lines, answer, requestId: _, ...row }: SaleRecord) {
  return {
    ...row,
    lines: lines === null ? null : sql.json(lines),
    answer: sql.json(answer),
    caller: by.caller,
    staffId: by.staffId ?? null,
    shopId: by.shopId,
    decidedAt: at,
  };
}

export async function findSaleCommand(sql: Sql, sale: SaleKey, commandId: string): Promise<AnsweredBefore | undefined> {
  const [row] = await sql<AnsweredBefore[]>`
    select body_hash, answer from sale_commands where ${ofSale(sql, sale)} and command_id = ${commandId}`;
  return row;
}

/** A sale as it was after the last command that it answered; undefined when it answered none. */
export async function findSale(sql: Sql, sale: SaleKey): Promise<SaleInBooks | undefined> {
  const [last] = await sql<Pick<SaleRecord, 'answer'>[]>`
    select answer from sale_commands where ${ofSale(sql, sale)} order by number desc limit 1`;
  if (!last) return undefined;
  const { attempt, endedHolds } = last.answer;
  const returns = await findReturns(sql, sale);
  if (!attempt) return { attempt: null, endedHolds, returns };
  const [begun] = await sql<{ lines: Line[] }[]>`
    select lines from sale_commands where ${ofSale(sql, sale)} and command_id = ${attempt.commandId}`;
  return { attempt: { ...attempt, lines: begun?.lines ?? [] }, endedHolds, returns };
}

/** Whose a sale is, and in which currency, as far as the books know; undefined when nobody asked it for anything. */
export async function findSaleTerms(
  sql: Sql,
  sale: SaleKey,
): Promise<{ customerId: string; currency: string } | undefined> {
  const [row] = await sql<{ customerId: string; currency: string }[]>`
    select customer_id, currency from sale_commands
     where ${ofSale(sql, sale)} and customer_id is not null and currency is not null order by number desc limit 1`;
  return row;
}

/** The basket with which a sale was last held or settled for good; undefined when nobody stored one. */
export async function findBasket(sql: Sql, sale: SaleKey): Promise<readonly Line[] | undefined> {
  const [row] = await sql<{ lines: Line[] }[]>`
    select lines from sale_commands
     where ${ofSale(sql, sale)} and kind in ('hold', 'settle') and outcome = 'accepted' and lines is not null
     order by number desc limit 1`;
  return row?.lines;
}

/** What was taken back of a sale, oldest first. */
export async function findReturns(sql: Sql, sale: SaleKey): Promise<Return[]> {
  const rows = await sql<{ return: Return }[]>`
    select answer -> 'return' as return from sale_commands
     where ${ofSale(sql, sale)} and kind = 'return' and outcome = 'accepted' order by number`;
  return rows.map((row) => row.return);
}
