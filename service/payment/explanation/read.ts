import { within } from '../../../db/outage.js';
import { findAccountPayment } from '../../../db/payment/accountPayments.js';
import { findLife } from '../../../db/payment/life.js';
import type { Sql } from '../../../db/connect.js';
import type { KnownLife } from '../../../domain/payment/explain.js';
import type { Parts } from '../../parts.js';

const PATIENCE_MS = 5_000;
/** So much is told one by one; of what came later only the sums. */
export const MOST_TOLD = 1_000;

/** What the books know of a payment's life, all of it at one moment; undefined of one that they do not have. */
export async function readLife({ listSql }: Pick<Parts, 'listSql'>, reference: string): Promise<KnownLife | undefined> {
  const reading = listSql.begin('isolation level repeatable read read only', async (transaction) => {
    const sql = transaction as unknown as Sql;
    const payment = await findAccountPayment(sql, reference);
    return payment && { payment, ...(await findLife(sql, reference, { limit: MOST_TOLD })) };
  });
  return within(PATIENCE_MS, reading);
}
