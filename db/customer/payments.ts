import type { Disposition, Purpose, Tender } from '../../domain/payment/command.js';
import type { MovementKind, Status } from '../../domain/payment/payment.js';
import type { Sql } from '../connect.js';

/** A payment as it stands in a choice of them. */
export type PaymentChoice = {
  reference: string;
  purpose: Purpose;
  currency: string;
  amountMinor: number;
  status: Status;
};

/** All that were ever issued to a customer, newest first. */
export async function paymentsOf(sql: Sql, customerId: string, limit: number): Promise<PaymentChoice[]> {
  return sql<PaymentChoice[]>`
    select reference, purpose, currency, amount_minor, status from account_payments
     where customer_id = ${customerId} order by issued_at desc, reference desc limit ${limit}`;
}

/** A payment that has nothing left, and the movement that took the last of it. */
export type EndedPayment = {
  reference: string;
  purpose: Purpose;
  currency: string;
  amountMinor: number;
  status: Exclude<Status, 'active'>;
  endedAt: string;
  /** What it still had when it ended. */
  endedBalanceMinor: number | null;
  lastKind: MovementKind;
  saleShopId: string | null;
  saleId: string | null;
  tender: Tender | null;
  reason: string | null;
  disposition: Disposition | null;
  /** The payment that took its place. */
  replacedBy: string | null;
};

/** Those that were used up or ended in the last 90 days, the last one first, and why. */
export async function endedLately(sql: Sql, customerId: string, limit: number): Promise<EndedPayment[]> {
  return sql<EndedPayment[]>`
    select p.reference, p.purpose, p.currency, p.amount_minor, p.status, p.ended_balance_minor, m.moved_at as ended_at,
           m.kind as last_kind, m.sale_shop_id, m.sale_id, m.tender, m.reason, c.details ->> 'disposition' as disposition,
           (select r.reference from account_payments r
             where r.replaces = p.reference and r.origin in ('reinstatement', 'reissue')) as replaced_by
      from account_payments p
      join movements m on m.reference = p.reference and m.sequence = p.last_sequence
      join commands c on c.reference = m.reference and c.command_id = m.command_id
     where p.customer_id = ${customerId} and p.status <> 'active' and m.moved_at > now() - interval '90 days'
     order by m.moved_at desc, p.reference desc limit ${limit}`;
}

/** How these products are named, by their id; those that nobody named are missing. */
export async function productNames(sql: Sql, productIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await sql<{ productId: string; name: string }[]>`
    select product_id, name from products where product_id = any(${[...productIds]})`;
  return new Map(rows.map(({ productId, name }) => [productId, name]));
}
