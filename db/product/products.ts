import type { Sql } from '../connect.js';
import { partOf } from '../search.js';

export type Product = { productId: string; name: string; updatedAt: string };

export async function putProduct(sql: Sql, productId: string, name: string): Promise<Product> {
  const [row] = await sql<[Product]>`
    insert into products (product_id, name) values (${productId}, ${name})
    on conflict (product_id) do update set name = excluded.name, updated_at = now()
    returning product_id, name, updated_at`;
  return row;
}

export async function findProduct(sql: Sql, productId: string): Promise<Product | undefined> {
  const [row] = await sql<Product[]>`select product_id, name, updated_at from products where product_id = ${productId}`;
  return row;
}

/** Which id or name holds these words, by name; the letters' case does not matter. */
export async function searchProducts(sql: Sql, q: string, limit: number): Promise<Product[]> {
  return sql<Product[]>`
    select product_id, name, updated_at from products
     where name collate "und-x-icu" ilike ${partOf(q)} or product_id ilike ${partOf(q)}
     order by name, product_id limit ${limit}`;
}
