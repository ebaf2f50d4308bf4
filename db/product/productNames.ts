import type { Sql } from '../connect.js';

/** What these products are called, as far as anybody said. */
export async function productNames(sql: Sql, productIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await sql<{ productId: string; name: string }[]>`
    select product_id, name from products where product_id = any(${[...productIds]})`;
  return new Map(rows.map(({ productId, name }) => [productId, name]));
}
