import type { Sql } from '../connect.js';

/** What people call the customers and products of a sale; who has no name is left out. */
export type Names = { readonly customers: ReadonlyMap<string, string>; readonly products: ReadonlyMap<string, string> };

export async function namesInSale(
  sql: Sql,
  { customerIds, productIds }: { readonly customerIds: readonly string[]; readonly productIds: readonly string[] },
): Promise<Names> {
  const [customers, products] = await Promise.all([
    sql<Named[]>`select customer_id as id, name from customers where customer_id = any(${[...customerIds]})`,
    sql<Named[]>`select product_id as id, name from products where product_id = any(${[...productIds]})`,
  ]);
  return { customers: byId(customers), products: byId(products) };
}

/** Which of these account payments have ended, so that what comes back of them is issued anew. */
export async function endedAmong(sql: Sql, references: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await sql<{ reference: string }[]>`
    select reference from account_payments
     where reference = any(${[...references]}) and (status in ('expired', 'cancelled') or expires_at <= now())`;
  return new Set(rows.map(({ reference }) => reference));
}

type Named = { readonly id: string; readonly name: string };

function byId(rows: readonly Named[]): ReadonlyMap<string, string> {
  return new Map(rows.map(({ id, name }) => [id, name]));
}
