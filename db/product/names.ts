import type { Sql } from '../connect.js';

/** What these products are called; what was never named is not in it. */
export async function productNames(sql: Sql, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await sql<{ productId: string; name: string }[]>`
    select product_id, name from products where product_id = any(${[...new Set(ids)]})`;
  return new Map(rows.map(({ productId, name }) => [productId, name]));
}
