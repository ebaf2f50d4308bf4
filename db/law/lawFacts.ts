import { createCalendar } from '../../domain/instants.js';
import type { Facts } from '../../domain/law/judge.js';
import type { AccountPaymentView } from '../../domain/payment/payment.js';
import type { Sql } from '../connect.js';

/** What a law asks of a payment, and whether anything can still be done to it. */
export type LawFacts = Facts & Pick<AccountPaymentView, 'customerId' | 'status' | 'expiresAt'>;

type Row = Omit<LawFacts, 'calendar'> & { readonly timeZone: string };

/**
 * A gift and a replacement go on with what was there before: the day of issue, and the shop whose law counts, are those
 * of the first payment in the chain.
 */
export async function findLawFacts(sql: Sql, reference: string): Promise<LawFacts | undefined> {
  const [row] = await sql<Row[]>`
    with recursive chain as (
      select coalesce(replaces, given_from) as came_from, issued_at, shop_id, 0 as depth
        from account_payments where reference = ${reference}
      union all
      select coalesce(p.replaces, p.given_from), p.issued_at, p.shop_id, c.depth + 1
        from chain c join account_payments p on p.reference = c.came_from
       where c.depth < 1000)
    select p.purpose, p.source_funding, p.currency, p.balance_minor, p.customer_id, p.status, p.expires_at,
           first.issued_at, s.jurisdiction, s.against_law, s.time_zone
      from account_payments p
     cross join (select * from chain order by depth desc limit 1) first
      join shops s on s.shop_id = first.shop_id
     where p.reference = ${reference}`;
  if (!row) return undefined;
  const { timeZone, ...facts } = row;
  return { ...facts, calendar: createCalendar(timeZone) };
}
