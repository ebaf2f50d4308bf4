import type { SaleKey } from '../../domain/payment/command.js';
import type { Instant } from '../../domain/instants.js';
import type { Sql } from '../connect.js';

/** What one sale took of a payment, got back to it, and left with the shop as a fee. */
export type SaleOfPayment = SaleKey & {
  readonly shopName: string | null;
  readonly takenMinor: number;
  readonly givenBackMinor: number;
  readonly keptMinor: number;
  readonly lastAt: Instant;
};

/** The sale that moved it last comes first. */
export async function listSalesOf(sql: Sql, reference: string, limit: number): Promise<SaleOfPayment[]> {
  return sql<SaleOfPayment[]>`
    with moved as (
      select sale_shop_id, sale_id, -coalesce(sum(amount_minor) filter (where kind = 'applied'), 0) as taken,
             coalesce(sum(amount_minor) filter (where kind = 'refunded'), 0) as given_back, max(moved_at) as last_at
        from movements
       where reference = ${reference} and kind in ('applied', 'refunded') group by sale_shop_id, sale_id),
    kept as (
      select sale_shop_id, sale_id, sum(kept_minor) as kept from commands
       where reference = ${reference} and sale_id is not null and outcome = 'accepted' group by sale_shop_id, sale_id)
    select m.sale_shop_id, m.sale_id, h.name as shop_name, m.taken::bigint as taken_minor,
           m.given_back::bigint as given_back_minor, coalesce(k.kept, 0)::bigint as kept_minor, m.last_at
      from moved m
      left join kept k using (sale_shop_id, sale_id)
      left join shops h on h.shop_id = m.sale_shop_id
     order by m.last_at desc, m.sale_id limit ${limit}`;
}
