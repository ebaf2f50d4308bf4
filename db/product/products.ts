import type { Sql } from '../connect.js';
import { wordsToFind } from '../../domain/nameWords.js';
import { isNamed, patternsOf } from '../search.js';

export type Product = { productId: string; name: string; updatedAt: string };

export async function putProduct(sql: Sql, productId: string, name: string): Promise<Product> {
  const [row] = await sql<[Product]>`
    insert into products (product_id, name, name_words)
    values (${productId}, ${name}, array_to_tsvector(${wordsToFind(name)}::text[]))
    on conflict (product_id)
    do update set name = excluded.name, name_words = excluded.name_words, updated_at = now()
    returning product_id, name, updated_at`;
  return row;
}

export async function findProduct(sql: Sql, productId: string): Promise<Product | undefined> {
  const [row] = await sql<Product[]>`select product_id, name, updated_at from products where product_id = ${productId}`;
  return row;
}

/** Whose id holds this or whose name has words that begin so, by name; neither case nor marks matter. */
export async function searchProducts(sql: Sql, q: string, limit: number): Promise<Product[]> {
  return sql<Product[]>`
    select product_id, name, updated_at from products
     where ${isNamed(sql, q)} or product_id ilike any(${patternsOf(q)})
     order by name collate "und-x-icu", product_id limit ${limit}`;
}
