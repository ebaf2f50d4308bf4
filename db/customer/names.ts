import type { Sql } from '../connect.js';

export type Customer = { customerId: string; name: string; updatedAt: string };
export type Product = { productId: string; name: string; updatedAt: string };

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
     where name collate "und-x-icu" ilike ${patternOf(q)} or customer_id ilike ${patternOf(q)}
     order by name, customer_id limit ${limit}`;
}

export async function searchProducts(sql: Sql, q: string, limit: number): Promise<Product[]> {
  return sql<Product[]>`
    select product_id, name, updated_at from products
     where name collate "und-x-icu" ilike ${patternOf(q)} or product_id ilike ${patternOf(q)}
     order by name, product_id limit ${limit}`;
}

function patternOf(q: string): string {
  return `%${q.normalize('NFC').replace(/[\\%_]/g, '\\$&')}%`;
}

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
