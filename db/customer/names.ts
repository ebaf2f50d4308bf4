import type { Sql } from '../connect.js';

/** What these customers are called; who was never named is not in it. */
export async function customerNames(sql: Sql, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await sql<{ customerId: string; name: string }[]>`
    select customer_id, name from customers where customer_id = any(${[...new Set(ids)]})`;
  return new Map(rows.map(({ customerId, name }) => [customerId, name]));
}
