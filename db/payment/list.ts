import type { AccountPaymentView, Status } from '../../domain/payment/payment.js';
import { unambiguous } from '../../domain/reference.js';
import type { Sql } from '../connect.js';
import { isNamed, partOf } from '../search.js';
import { selectView, toRow, type AccountPaymentRow, type Selected } from './accountPayments.js';

export type AccountPaymentFilter = {
  customerId?: string | undefined;
  status?: readonly Status[] | undefined;
  type?: AccountPaymentView['type'] | undefined;
  productId?: string | undefined;
  purpose?: AccountPaymentView['purpose'] | undefined;
  currency?: string | undefined;
  shopId?: string | undefined;
  expiresBefore?: string | undefined;
  /** Drawn on by this sale, or issued when it was returned. */
  saleId?: string | undefined;
  /** Part of a reference or an id or the notes, or how words of a customer's or product's name begin. */
  q?: string | undefined;
};

/** What a list can be sorted by; one that never expires comes after all that do. */
export const sortKeys = ['issuedAt', 'expiresAt', 'amountMinor', 'balanceMinor', 'customerId'] as const;
export type SortKey = (typeof sortKeys)[number];
/** As a list is asked for: with a minus the greatest first. */
export const sorts = sortKeys.flatMap((key) => [key, `-${key}` as const]);
export type Sorting = { readonly by: SortKey; readonly order: 'ascending' | 'descending' };

/** Where a page begins: after this row, by what it is sorted by and its reference. */
export type PaymentPosition = { readonly value: string | number; readonly reference: string };

const NEVER = 'infinity';

export function positionOf(row: AccountPaymentRow, by: SortKey): PaymentPosition {
  return { value: row[by] ?? NEVER, reference: row.reference };
}

type Paging = { position: PaymentPosition | undefined; limit: number };

/** From after `position` on: rows that are added meanwhile shift nothing. */
export async function listAccountPayments(
  sql: Sql,
  filter: AccountPaymentFilter,
  sorting: Sorting,
  { position, limit }: Paging,
): Promise<AccountPaymentRow[]> {
  const key = keyOf(sql, sorting.by);
  const [isAfter, direction] = sorting.order === 'ascending' ? [sql`>`, sql`asc`] : [sql`<`, sql`desc`];
  const conditions = [
    filter.customerId !== undefined && sql`customer_id = ${filter.customerId}`,
    filter.status !== undefined && sql`status = any(${[...filter.status]})`,
    filter.type !== undefined && sql`type = ${filter.type}`,
    filter.productId !== undefined && sql`product_id = ${filter.productId}`,
    filter.purpose !== undefined && sql`purpose = ${filter.purpose}`,
    filter.currency !== undefined && sql`currency = ${filter.currency}`,
    filter.shopId !== undefined && sql`shop_id = ${filter.shopId}`,
    filter.expiresBefore !== undefined && sql`expires_at < ${filter.expiresBefore}`,
    filter.saleId !== undefined && sql`reference in (select reference from movements where sale_id = ${filter.saleId})`,
    filter.q !== undefined && matches(sql, filter.q),
    position !== undefined && sql`(${key}, reference) ${isAfter} (${position.value}, ${position.reference})`,
  ].filter((each) => each !== false);
  const rows = await sql<Selected[]>`
    select ${selectView(sql)} from account_payments
     where true ${conditions.reduce((all, each) => sql`${all} and ${each}`, sql``)}
     order by ${key} ${direction}, reference ${direction}
     limit ${limit}`;
  return rows.map(toRow);
}

function keyOf(sql: Sql, by: SortKey) {
  switch (by) {
    case 'issuedAt':
      return sql`issued_at`;
    case 'expiresAt':
      return sql`coalesce(expires_at, ${NEVER})`;
    case 'amountMinor':
      return sql`amount_minor`;
    case 'balanceMinor':
      return sql`balance_minor`;
    case 'customerId':
      return sql`customer_id`;
  }
}

function matches(sql: Sql, q: string) {
  const pattern = partOf(q);
  return sql`(
    reference ilike ${pattern} or replace(reference, '-', '') like ${`%${unambiguous(q)}%`}
    or customer_id ilike ${pattern} or product_id ilike ${pattern} or notes collate "und-x-icu" ilike ${pattern}
    or customer_id in (select customer_id from customers where ${isNamed(sql, q)})
    or product_id in (select product_id from products where ${isNamed(sql, q)}))`;
}
