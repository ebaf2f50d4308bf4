import { selectView, toRow, type AccountPaymentRow, type Selected } from '../payment/accountPayments.js';
import type { Sql } from '../connect.js';
import type { UsageRow } from '../payment/movements.js';

/**
 * What a customer has in one currency. Of a payment that is past its time and waits for its holds only these are left.
 */
export type CustomerTotal = { currency: string; balanceMinor: number; heldMinor: number; availableMinor: number };

export async function customerTotals(sql: Sql, customerId: string): Promise<CustomerTotal[]> {
  return sql<CustomerTotal[]>`
    select currency,
           sum(case when expires_at <= now() then held_minor else balance_minor end)::bigint as balance_minor,
           sum(held_minor)::bigint as held_minor,
           sum(case when expires_at <= now() or frozen_causes <> '{}' then 0 else balance_minor - held_minor end)::bigint
             as available_minor
      from account_payments
     where customer_id = ${customerId} and status = 'active'
     group by currency order by currency`;
}

/** Soonest expiry first, those that never expire last. */
export async function activePayments(sql: Sql, customerId: string, limit: number): Promise<AccountPaymentRow[]> {
  const rows = await sql<Selected[]>`
    select ${selectView(sql)} from account_payments
     where customer_id = ${customerId} and status = 'active'
     order by expires_at nulls last, issued_at, reference
     limit ${limit}`;
  return rows.map(toRow);
}

/** Those that ended or were used up in the last 90 days, the last one first. */
export async function endedPayments(sql: Sql, customerId: string, limit: number): Promise<AccountPaymentRow[]> {
  const rows = await sql<Selected[]>`
    select ${selectView(sql)} from account_payments
      join (select reference, sequence as last_sequence, moved_at from movements) last using (reference, last_sequence)
     where customer_id = ${customerId} and status <> 'active' and moved_at > now() - interval '90 days'
     order by moved_at desc, reference desc limit ${limit}`;
  return rows.map(toRow);
}

/**
 * What may be offered for a basket in this currency: generic payments, and those for a product that is in it; nothing
 * expired or fully held. In no order.
 */
export async function applicablePayments(
  sql: Sql,
  customerId: string,
  { currency, productIds }: { currency: string; productIds: string[] },
): Promise<AccountPaymentRow[]> {
  const rows = await sql<Selected[]>`
    select ${selectView(sql)} from account_payments
     where customer_id = ${customerId} and status = 'active' and currency = ${currency}
       and balance_minor > held_minor and frozen_causes = '{}' and (expires_at is null or expires_at > now())
       and (type = 'generic' or product_id = any(${productIds}))`;
  return rows.map(toRow);
}

export type CustomerUsageRow = UsageRow & { reference: string; currency: string };
export type UsagePosition = { movedAt: string; reference: string; sequence: number };

/** Every usage of every payment of this customer, newest first. */
export async function customerUsages(
  sql: Sql,
  customerId: string,
  { position, limit }: { position: UsagePosition | undefined; limit: number },
): Promise<CustomerUsageRow[]> {
  const before = position
    ? sql`and (u.moved_at, u.reference, u.sequence) < (${position.movedAt}, ${position.reference}, ${position.sequence})`
    : sql``;
  return sql<CustomerUsageRow[]>`
    select u.reference, p.currency, u.sequence, u.command_id, u.kind, u.amount_minor, u.balance_before_minor,
           u.balance_after_minor, u.sale_shop_id, u.sale_id, u.reason, u.caller, u.staff_id, u.shop_id, u.moved_at
      from usage_records u join account_payments p on p.reference = u.reference
     where p.customer_id = ${customerId} ${before}
     order by u.moved_at desc, u.reference desc, u.sequence desc
     limit ${limit}`;
}
