import type { Sql } from '../connect.js';
import { partOf } from '../search.js';

export type Customer = { customerId: string; name: string; updatedAt: string };

export async function putCustomer(sql: Sql, customerId: string, name: string): Promise<Customer> {
  const [row] = await sql<[Customer]>`
    insert into customers (customer_id, name) values (${customerId}, ${name})
    on conflict (customer_id) do update set name = excluded.name, updated_at = now()
    returning customer_id, name, updated_at`;
  return row;
}

export async function findCustomer(sql: Sql, customerId: string): Promise<Customer | undefined> {
  const [row] = await sql<Customer[]>`
    select customer_id, name, updated_at from customers where customer_id = ${customerId}`;
  return row;
}

/** Whose id or name holds these words, by name; the letters' case does not matter. */
export async function searchCustomers(sql: Sql, q: string, limit: number): Promise<Customer[]> {
  return sql<Customer[]>`
    select customer_id, name, updated_at from customers
     where name collate "und-x-icu" ilike ${partOf(q)} or customer_id ilike ${partOf(q)}
     order by name, customer_id limit ${limit}`;
}
