import { isPhone, phoneDigits } from '../../domain/customer/contacts.js';
import { scannedReferences } from '../../domain/reference.js';
import type { Sql } from '../connect.js';
import { isNamed, patternsOf } from '../search.js';

/** One who may be meant; known only by payments, without a name. */
export type FoundCustomer = { customerId: string; name: string | null; phone: string | null; email: string | null };

/**
 * Whose name has words that begin so, whose id holds this, whose phone number or e-mail address this is, or whose
 * payment it names, however it is typed: the one with exactly this id first, then by name.
 */
export async function findCustomers(sql: Sql, q: string, limit: number): Promise<FoundCustomer[]> {
  const references = scannedReferences(q);
  const isMeant = sql`
    (customer_id ilike any(${patternsOf(q)})
     or customer_id = (select customer_id from account_payments where reference = any(${references})
                      order by array_position(${references}::text[], reference) limit 1))`;
  const digits = isPhone(q) ? phoneDigits(q) : null;
  return sql<FoundCustomer[]>`
    select customer_id, name, phone, email
      from (select customer_id, name, phone, email from customers
             where ${isNamed(sql, q)} or ${isMeant} or phone_digits = ${digits}
                or lower(email) = lower(${q.normalize('NFC')})
            union all
            select distinct customer_id, null::text, null::text, null::text from account_payments p
             where ${isMeant} and not exists (select from customers c where c.customer_id = p.customer_id)) found
     order by lower(customer_id) <> lower(${q}), name collate "und-x-icu" nulls last, customer_id
     limit ${limit}`;
}

export type CustomerBalance = { customerId: string; currency: string; balanceMinor: number; availableMinor: number };

/** What these customers have, as `customerTotals` counts it for one. */
export async function balancesOf(sql: Sql, customerIds: readonly string[]): Promise<CustomerBalance[]> {
  return sql<CustomerBalance[]>`
    select customer_id, currency,
           sum(case when expires_at <= now() then held_minor else balance_minor end)::bigint as balance_minor,
           sum(case when expires_at <= now() or frozen_causes <> '{}' then 0 else balance_minor - held_minor end)::bigint
             as available_minor
      from account_payments
     where customer_id = any(${[...customerIds]}) and status = 'active'
     group by customer_id, currency order by customer_id, currency`;
}
