import type { SaleKey } from '../../domain/payment/command.js';
import type { BookedTaking } from '../../domain/sale/booked.js';
import type { BookedFigure } from '../../domain/sale/figure.js';
import type { Sql } from '../connect.js';
import { ofSale } from '../sale/ofSale.js';

/**
 * What a sale still has of a payment: its movements there, the fees it kept, and what was issued in its place for this
 * sale, recorded or only reserved. Nothing that was issued in error is anybody's to get back.
 */
export async function refundableMinor(sql: Sql, reference: string, sale: SaleKey): Promise<number> {
  const [row] = await sql<{ leftMinor: number }[]>`
    select case when exists (select from commands where reference = ${reference} and kind = 'cancel'
                                and outcome = 'accepted' and details ->> 'disposition' = 'issued_in_error')
                then 0
                else (select coalesce(-sum(amount_minor), 0) from movements
                       where reference = ${reference} and ${ofSale(sql, sale)} and kind in ('applied', 'refunded'))
                   - (select coalesce(sum(kept_minor), 0) from commands
                       where reference = ${reference} and ${ofSale(sql, sale)} and outcome = 'accepted')
                   - (select coalesce(sum(amount_minor + kept_minor), 0) from issue_reservations
                       where replaces = ${reference} and ${ofSale(sql, sale)})
                   - (select coalesce(sum(kept_minor), 0) from kept_fees
                       where reference = ${reference} and ${ofSale(sql, sale)})
                   - (select coalesce(sum(p.amount_minor), 0) from account_payments p
                       where p.replaces = ${reference} and ${ofSale(sql, sale)}
                         and not exists (select from issue_reservations r
                                          where r.reference = p.reference and r.replaces is not null))
           end::bigint as left_minor`;
  return row?.leftMinor ?? 0;
}

/** What a sale has taken of each payment and not given back, to it or in its place. */
export async function takenBySale(sql: Sql, sale: SaleKey): Promise<BookedTaking[]> {
  const figures = await bookedFigures(sql, sale);
  return figures.map(({ reference, productId, customerId, currency, ...each }) => ({
    reference,
    productId,
    customerId,
    currency,
    takenMinor: each.takenMinor - each.givenBackMinor - each.keptMinor - each.replacedMinor - each.replacedKeptMinor,
  }));
}

/** What the books have of a sale, for each payment that it took from, in the order in which it used them last. */
export async function bookedFigures(sql: Sql, sale: SaleKey): Promise<BookedFigure[]> {
  return sql<BookedFigure[]>`
    with moved as (
      select reference, -sum(amount_minor) filter (where kind = 'applied') as taken,
             coalesce(sum(amount_minor) filter (where kind = 'refunded'), 0) as given_back,
             max(moved_at) filter (where kind = 'applied') as last_taken_at
        from movements where ${ofSale(sql, sale)} and kind in ('applied', 'refunded') group by reference),
    reserved as (
      select replaces as reference, sum(amount_minor) as replaced, sum(kept_minor) as kept
        from issue_reservations where ${ofSale(sql, sale)} and replaces is not null group by replaces)
    select p.reference, p.revision, p.customer_id, p.currency, p.type, p.product_id, p.purpose, p.tax_point, p.tax_code,
           p.source_funding, m.taken::bigint as taken_minor,
           m.given_back::bigint as given_back_minor,
           (select coalesce(sum(kept_minor), 0) from commands c
             where c.reference = p.reference and ${ofSale(sql, sale)} and c.outcome = 'accepted')::bigint as kept_minor,
           coalesce(r.replaced, 0)::bigint as replaced_minor,
           (coalesce(r.kept, 0) + (select coalesce(sum(kept_minor), 0) from kept_fees f
                                    where f.reference = p.reference and ${ofSale(sql, sale)}))::bigint
             as replaced_kept_minor,
           exists (select from commands c where c.reference = p.reference and c.kind = 'cancel'
                      and c.outcome = 'accepted' and c.details ->> 'disposition' = 'issued_in_error')
             as is_issued_in_error,
           m.last_taken_at
      from moved m join account_payments p using (reference) left join reserved r using (reference)
     order by m.last_taken_at, p.reference`;
}
