import { shopOf, type Shop, type ShopRow } from '../domain/shop.js';
import type { Sql } from './connect.js';

/** A shop's columns, from a table or an alias. */
export const shopColumns = (sql: Sql) => sql`
  shop_id, name, legal_entity, currency, time_zone, jurisdiction, replacement_lifetime_days, till_issue_limit_minor,
  goodwill_pay_out, idle_lock_minutes, against_law`;

export async function findShop(sql: Sql, shopId: string): Promise<Shop | undefined> {
  const [row] = await sql<ShopRow[]>`select ${shopColumns(sql)} from shops where shop_id = ${shopId}`;
  return row && shopOf(row);
}

export async function listShops(sql: Sql): Promise<Shop[]> {
  const rows = await sql<ShopRow[]>`select ${shopColumns(sql)} from shops order by created_at, shop_id`;
  return rows.map(shopOf);
}

/** What is said of a new shop; its settings begin as the table has them. */
export type NewShop = Pick<Shop, 'shopId' | 'name' | 'legalEntity' | 'currency' | 'timeZone' | 'jurisdiction'>;

/** Returns whether it was added: an id is used once. */
export async function insertShop(sql: Sql, shop: NewShop): Promise<boolean> {
  const { count } = await sql`insert into shops ${sql(shop)} on conflict do nothing`;
  return count > 0;
}

export type ShopSettings = Partial<
  Pick<
    Shop,
    | 'name'
    | 'jurisdiction'
    | 'againstLaw'
    | 'replacementLifetimeDays'
    | 'tillIssueLimitMinor'
    | 'goodwillPayOut'
    | 'idleLockMinutes'
  >
>;

/** Returns whether there is such a shop. */
export async function updateShop(sql: Sql, shopId: string, settings: ShopSettings): Promise<boolean> {
  const { count } = await sql`update shops set ${sql(settings)} where shop_id = ${shopId}`;
  return count > 0;
}
