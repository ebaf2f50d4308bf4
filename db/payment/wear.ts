import type { Sql } from '../connect.js';

/** Whether a payment has had so many commands that it takes nothing new any more. */
export type Wear = 'fit' | 'worn_out';

/** As it said itself: nothing cures it but a reissue. */
export async function findWear(sql: Sql, reference: string): Promise<Wear> {
  const rows = await sql`
    select from commands where reference = ${reference} and outcome = 'payment_worn_out' limit 1`;
  return rows.length > 0 ? 'worn_out' : 'fit';
}
