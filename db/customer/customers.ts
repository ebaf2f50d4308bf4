import type { Sql } from '../connect.js';
import { wordsToFind } from '../../domain/nameWords.js';
import { isNamed, patternsOf } from '../search.js';

export type Customer = { customerId: string; name: string; updatedAt: string };

export async function putCustomer(sql: Sql, customerId: string, name: string): Promise<Customer> {
  const [row] = await sql<[Customer]>`
    insert into customers (customer_id, name, name_words)
    values (${customerId}, ${name}, array_to_tsvector(${wordsToFind(name)}::text[]))
    on conflict (customer_id)
    do update set name = excluded.name, name_words = excluded.name_words, updated_at = now()
    returning customer_id, name, updated_at`;
  return row;
}

export async function findCustomer(sql: Sql, customerId: string): Promise<Customer | undefined> {
  const [row] = await sql<Customer[]>`
    select customer_id, name, updated_at from customers where customer_id = ${customerId}`;
  return row;
}

/**
 * Whose id holds this or whose name has words that begin so, by name; neither case nor marks matter. Found before they
 * are sorted: Postgres would rather go through all names in their order until enough are found.
 */
export async function searchCustomers(sql: Sql, q: string, limit: number): Promise<Customer[]> {
  return sql<Customer[]>`
    with found as materialized (
      select customer_id, name, updated_at from customers
       where ${isNamed(sql, q)} or customer_id ilike any(${patternsOf(q)}))
    select * from found order by name collate "und-x-icu", customer_id limit ${limit}`;
}
