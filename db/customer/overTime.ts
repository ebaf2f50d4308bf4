import type { Sql } from '../connect.js';

/** What a customer had in one currency at the end of a day on which something moved, and by how much that day. */
export type DayBalance = { currency: string; day: string; changeMinor: number; balanceMinor: number };

/**
 * The balance over time: the running sum of all movements, by currency and day.
 * @param timeZone by whose calendar days are told
 */
export async function balanceOverTime(sql: Sql, customerId: string, timeZone: string): Promise<DayBalance[]> {
  return sql<DayBalance[]>`
    select currency, day, sum(amount_minor)::bigint as change_minor,
           (sum(sum(amount_minor)) over (partition by currency order by day))::bigint as balance_minor
      from (select p.currency, m.amount_minor, to_char(m.moved_at at time zone ${timeZone}, 'YYYY-MM-DD') as day
              from movements m join account_payments p on p.reference = m.reference
             where p.customer_id = ${customerId}) moved
     group by currency, day order by currency, day`;
}
