import type { Taken } from '../../domain/sale/quote.js';
import type { Sql } from '../connect.js';

/**
 * What a sale still has of a payment: its movements there, the fees it kept, and what was issued in its stead for this sale, recorded or
 * only reserved. Nothing that was issued in error is anybody's to get back.
 */
export async function refundableMinor(sql: Sql, reference: string, saleId: string): Promise<number> {
  const [row] = await sql<{ leftMinor: number }[]>`
    select case when exists (select from commands where reference = ${reference} and kind = 'cancel'
                                and outcome = 'accepted' and details ->> 'disposition' = 'issued_in_error')
                then 0
                else (select coalesce(-sum(amount_minor), 0) from movements
                       where reference = ${reference} and sale_id = ${saleId} and kind in ('applied', 'refunded'))
                   - (select coalesce(sum(kept_minor), 0) from commands
                       where reference = ${reference} and sale_id = ${saleId} and outcome = 'accepted')
                   - (select coalesce(sum(amount_minor), 0) from issue_reservations
                       where replaces = ${reference} and sale_id = ${saleId})
                   - (select coalesce(sum(p.amount_minor), 0)
                        from account_payments p
                        join movements m on m.reference = p.reference and m.kind = 'issued'
                       where p.replaces = ${reference} and m.sale_id = ${saleId}
                         and not exists (select from issue_reservations r
                                          where r.reference = p.reference and r.replaces is not null))
           end::bigint as left_minor`;
  return row?.leftMinor ?? 0;
}

/** What a sale has taken and not given back, by the product that its payments are for. */
export async function takenBySale(sql: Sql, saleId: string): Promise<Taken[]> {
  return sql<Taken[]>`
    select p.product_id, -sum(m.amount_minor)::bigint as taken_minor
      from movements m join account_payments p using (reference)
     where m.sale_id = ${saleId}
     group by p.product_id`;
}
