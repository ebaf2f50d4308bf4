import type { Instant } from '../../domain/instants.js';
import type { Sql } from '../connect.js';
import type { UsagePosition } from './accounts.js';

/** What a sale took of a payment, or gave back. */
export type Usage = {
  reference: string;
  currency: string;
  sequence: number;
  kind: 'apply' | 'refund';
  amountMinor: number;
  balanceBeforeMinor: number;
  balanceAfterMinor: number;
  saleShopId: string;
  saleId: string;
  reason: string | null;
  movedAt: Instant;
};

export type UsageFilter = {
  readonly reference?: string | undefined;
  readonly from?: Instant | undefined;
  readonly until?: Instant | undefined;
};

type Paging = { readonly position: UsagePosition | undefined; readonly limit: number };

/** The usages of all payments of a customer, or of one, newest first; from after `position` on. */
export async function filteredUsages(
  sql: Sql,
  customerId: string,
  { reference, from, until }: UsageFilter,
  { position, limit }: Paging,
): Promise<Usage[]> {
  const conditions = [
    reference !== undefined && sql`u.reference = ${reference}`,
    from !== undefined && sql`u.moved_at >= ${from}`,
    until !== undefined && sql`u.moved_at < ${until}`,
    position !== undefined &&
      sql`(u.moved_at, u.reference, u.sequence) < (${position.movedAt}, ${position.reference}, ${position.sequence})`,
  ].filter((each) => each !== false);
  return sql<Usage[]>`
    select u.reference, p.currency, u.sequence, u.kind, u.amount_minor, u.balance_before_minor, u.balance_after_minor,
           u.sale_shop_id, u.sale_id, u.reason, u.moved_at
      from usage_records u join account_payments p on p.reference = u.reference
     where p.customer_id = ${customerId} ${conditions.reduce((all, each) => sql`${all} and ${each}`, sql``)}
     order by u.moved_at desc, u.reference desc, u.sequence desc
     limit ${limit}`;
}
