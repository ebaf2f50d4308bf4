import type { Sql } from '../connect.js';

export type Salesperson = { readonly staffId: string; readonly name: string };

/** Who works in a shop now, by name. */
export async function salespeopleOf(sql: Sql, shopId: string): Promise<Salesperson[]> {
  return sql<Salesperson[]>`
    select m.id as staff_id, m.name from staff.members m join staff.member_shops w on w.staff_id = m.id
     where w.shop_id = ${shopId} and m.disabled_at is null order by m.name collate "und-x-icu", m.id`;
}
