import type { SaleKey } from '../../domain/payment/command.js';
import { missingAnswers, type Numbered } from '../../domain/sale/putBack.js';
import type { SaleRecord } from '../../domain/sale/sale.js';
import type { Sql } from '../connect.js';
import { addKeys } from '../requestKeys.js';
import { ofSale } from './ofSale.js';
import { asColumns, keysOf } from './saleCommands.js';

/**
 * Brings the books what a sale had answered and a backup lost, each in its place.
 * @returns how many were brought
 */
export async function putBackSaleCommands(sql: Sql, sale: SaleKey, told: readonly SaleRecord[]): Promise<number> {
  if (missingAnswers(told, await numberedAnswers(sql, sale)).length === 0) return 0;
  return sql.begin(async (transaction) => {
    const tx = transaction as unknown as Sql;
    // Whoever answers meanwhile waits: what is brought comes before it.
    await tx`lock table sale_commands in share row exclusive mode`;
    const missing = missingAnswers(told, await numberedAnswers(tx, sale));
    for (const { record, number } of missing) {
      const row = { ...asColumns(tx, record), ...(number !== null && { number }) };
      await tx`insert into sale_commands ${tx(row)}`;
    }
    await addKeys(tx, keysOf(missing.map(({ record }) => record)));
    return missing.length;
  });
}

async function numberedAnswers(sql: Sql, sale: SaleKey): Promise<Numbered[]> {
  return sql<Numbered[]>`
    select command_id, number, decided_at from sale_commands where ${ofSale(sql, sale)} order by number`;
}
