import type { AccountPaymentView } from '../../domain/payment/payment.js';
import type { Instant } from '../../domain/instants.js';
import type { Sql } from '../connect.js';

/** A payment that was issued in the place of another one. */
export type ReplacementRow = Pick<
  AccountPaymentView,
  'reference' | 'origin' | 'amountMinor' | 'currency' | 'issuedAt' | 'saleShopId' | 'saleId'
>;

export async function listReplacements(sql: Sql, reference: string): Promise<ReplacementRow[]> {
  return sql<ReplacementRow[]>`
    select reference, origin, amount_minor, currency, issued_at, sale_shop_id, sale_id from account_payments
     where replaces = ${reference} order by issued_at, reference`;
}

/** What was given of a payment, and whose it is now. */
export type GivenRow = {
  readonly reference: string;
  readonly customerId: string | null;
  readonly customerName: string | null;
  readonly amountMinor: number;
  readonly movedAt: Instant;
};

export async function listGiven(sql: Sql, reference: string): Promise<GivenRow[]> {
  return sql<GivenRow[]>`
    select m.counterpart as reference, p.customer_id, c.name as customer_name, -m.amount_minor as amount_minor,
           m.moved_at
      from movements m
      left join account_payments p on p.reference = m.counterpart
      left join customers c using (customer_id)
     where m.reference = ${reference} and m.kind = 'gifted' order by m.sequence`;
}
