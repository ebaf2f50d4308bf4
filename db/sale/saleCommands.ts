import type postgres from 'postgres';
import type { Line } from '../../domain/payment/command.js';
import type { SaleRecord } from '../../domain/sale/sale.js';
import type { Sql } from '../connect.js';

/** Writes down what a sale answered; brought again it changes nothing. */
export async function insertSaleCommands(sql: Sql, records: readonly SaleRecord[]): Promise<void> {
  const rows = records.map(({ by, at, lines, answer, ...row }) => ({
    ...row,
    lines: lines === null ? null : sql.json(lines as unknown as postgres.JSONValue),
    answer: sql.json(answer as unknown as postgres.JSONValue),
    caller: by.caller,
    staffId: by.staffId ?? null,
    decidedAt: at,
  }));
  await sql`insert into sale_commands ${sql(rows)} on conflict do nothing`;
}

export type AnsweredBefore = Pick<SaleRecord, 'bodyHash' | 'answer'>;

export async function findSaleCommand(
  sql: Sql,
  saleId: string,
  commandId: string,
): Promise<AnsweredBefore | undefined> {
  const [row] = await sql<AnsweredBefore[]>`
    select body_hash, answer from sale_commands where sale_id = ${saleId} and command_id = ${commandId}`;
  return row;
}

/** The basket with which a sale was last held or settled for good; undefined when nobody stored one. */
export async function findBasket(sql: Sql, saleId: string): Promise<readonly Line[] | undefined> {
  const [row] = await sql<{ lines: Line[] }[]>`
    select lines from sale_commands
     where sale_id = ${saleId} and kind in ('hold', 'settle') and outcome = 'accepted' and lines is not null
     order by decided_at desc limit 1`;
  return row?.lines;
}

/** What earlier lives of a sale's workflow took back: their lines, and what went to another tender. */
export async function findReturns(sql: Sql, saleId: string): Promise<{ answer: SaleRecord['answer'] }[]> {
  return sql<{ answer: SaleRecord['answer'] }[]>`
    select answer from sale_commands
     where sale_id = ${saleId} and kind = 'return' and outcome = 'accepted' order by decided_at`;
}
