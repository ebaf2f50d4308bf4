import { shopOf, type Shop, type ShopRow } from '../../domain/shop.js';
import type { Sql } from '../connect.js';
import { listShops, shopColumns } from '../shops.js';

/** Where somebody works, in the order of the shops' beginnings. */
export async function listShopsOf(sql: Sql, staffId: string): Promise<Shop[]> {
  const rows = await sql<ShopRow[]>`
    select ${shopColumns(sql)} from shops join staff.member_shops using (shop_id)
     where staff_id = ${staffId} order by created_at, shop_id`;
  return rows.map(shopOf);
}

export async function setShopsOf(sql: Sql, staffId: string, shopIds: readonly string[]): Promise<void> {
  await sql`delete from staff.member_shops where staff_id = ${staffId} and shop_id <> all (${shopIds})`;
  await sql`
    insert into staff.member_shops (staff_id, shop_id)
    select ${staffId}, shop_id from unnest(${shopIds}::text[]) as given (shop_id) on conflict do nothing`;
}

/** Whether somebody can work in all of them, which are some. */
export async function areShops(sql: Sql, shopIds: readonly string[]): Promise<boolean> {
  const known = new Set((await listShops(sql)).map(({ shopId }) => shopId));
  return shopIds.length > 0 && shopIds.every((each) => known.has(each));
}
