import type { Purpose, Tender } from '../../domain/payment/command.js';
import type { FundingFacts } from '../../domain/payment/funding.js';
import type { Instant } from '../../domain/instants.js';
import type { MovementKind } from '../../domain/payment/payment.js';
import type { Sql } from '../connect.js';

export type Opening = { currency: string; balanceMinor: number };

/** What a customer had in each currency just before an instant. */
export async function openingBalances(sql: Sql, customerId: string, from: Instant): Promise<Opening[]> {
  return sql<Opening[]>`
    select p.currency, sum(m.amount_minor)::bigint as balance_minor
      from movements m join account_payments p on p.reference = m.reference
     where p.customer_id = ${customerId} and m.moved_at < ${from}
     group by p.currency order by p.currency`;
}

/** A movement as it stands in a statement; nothing of another customer's. */
export type StatedMovement = {
  currency: string;
  movedAt: Instant;
  reference: string;
  kind: MovementKind;
  amountMinor: number;
  saleId: string | null;
  /** How money left over the counter. */
  tender: Tender | null;
  shopName: string;
  purpose: Purpose;
  funding: FundingFacts['funding'];
  /** How it was paid for. */
  paidBy: Tender | null;
};

type Period = { readonly from: Instant; readonly until: Instant };

/** Every movement of a period, by currency, in the order in which they happened. */
export async function movementsBetween(
  sql: Sql,
  customerId: string,
  { from, until }: Period,
  limit: number,
): Promise<StatedMovement[]> {
  return sql<StatedMovement[]>`
    select p.currency, m.moved_at, m.reference, m.kind, m.amount_minor, m.sale_id, m.tender,
           coalesce(s.name, m.shop_id) as shop_name,
           p.purpose, p.funding, p.tender as paid_by
      from movements m
      join account_payments p on p.reference = m.reference
      left join shops s on s.shop_id = m.shop_id
     where p.customer_id = ${customerId} and m.moved_at >= ${from} and m.moved_at < ${until}
     order by p.currency, m.moved_at, m.reference, m.sequence
     limit ${limit}`;
}
