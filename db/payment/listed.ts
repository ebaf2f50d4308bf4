import type { AccountPaymentView, Status } from '../../domain/payment/payment.js';
import { unambiguous } from '../../domain/reference.js';
import type { Sql } from '../connect.js';
import { isNamed, partOf } from '../search.js';

/** What a payment can be beside its status: nothing new may be spent, or open holds reserve some of it. */
export const marks = ['frozen', 'held'] as const;
export type Mark = (typeof marks)[number];

type Type = AccountPaymentView['type'];

/** Which payments a list shows; what is not said does not matter. */
export type AccountPaymentFilter = {
  customerId?: string | undefined;
  status?: readonly Status[] | undefined;
  type?: Type | readonly Type[] | undefined;
  productId?: string | undefined;
  purpose?: AccountPaymentView['purpose'] | undefined;
  currency?: string | undefined;
  shopId?: string | undefined;
  /** All of these. */
  marks?: readonly Mark[] | undefined;
  /** The till, or the person, or on whose behalf. */
  createdBy?: string | undefined;
  issuedFrom?: string | undefined;
  issuedBefore?: string | undefined;
  expiresAfter?: string | undefined;
  expiresBy?: string | undefined;
  expiresBefore?: string | undefined;
  /** Amounts of one currency, in its minor unit. */
  amountFrom?: number | undefined;
  amountThrough?: number | undefined;
  balanceFrom?: number | undefined;
  balanceThrough?: number | undefined;
  /** Drawn on by this sale, or issued when it was returned. */
  saleId?: string | undefined;
  /** Part of a reference or an id or the notes, or how words of a customer's or product's name begin. */
  q?: string | undefined;
};

/** Every one of these has to hold. */
export function conditionsOf(sql: Sql, filter: AccountPaymentFilter) {
  const { createdBy } = filter;
  return [
    filter.customerId !== undefined && sql`customer_id = ${filter.customerId}`,
    filter.status !== undefined && sql`status = any(${[...filter.status]})`,
    filter.type !== undefined && sql`type = any(${[filter.type].flat()})`,
    filter.productId !== undefined && sql`product_id = ${filter.productId}`,
    filter.purpose !== undefined && sql`purpose = ${filter.purpose}`,
    filter.currency !== undefined && sql`currency = ${filter.currency}`,
    filter.shopId !== undefined && sql`shop_id = ${filter.shopId}`,
    ...(filter.marks ?? []).map((mark) => isMarked(sql, mark)),
    createdBy !== undefined && sql`(created_by = ${createdBy} or staff_id = ${createdBy})`,
    filter.issuedFrom !== undefined && sql`issued_at >= ${filter.issuedFrom}`,
    filter.issuedBefore !== undefined && sql`issued_at < ${filter.issuedBefore}`,
    filter.expiresAfter !== undefined && sql`expires_at > ${filter.expiresAfter}`,
    filter.expiresBy !== undefined && sql`expires_at <= ${filter.expiresBy}`,
    filter.expiresBefore !== undefined && sql`expires_at < ${filter.expiresBefore}`,
    filter.amountFrom !== undefined && sql`amount_minor >= ${filter.amountFrom}`,
    filter.amountThrough !== undefined && sql`amount_minor <= ${filter.amountThrough}`,
    filter.balanceFrom !== undefined && sql`balance_minor >= ${filter.balanceFrom}`,
    filter.balanceThrough !== undefined && sql`balance_minor <= ${filter.balanceThrough}`,
    filter.saleId !== undefined && sql`reference in (select reference from movements where sale_id = ${filter.saleId})`,
    filter.q !== undefined && matches(sql, filter.q),
  ].filter((each) => each !== false);
}

function isMarked(sql: Sql, mark: Mark) {
  switch (mark) {
    case 'frozen':
      return sql`frozen_causes <> '{}'`;
    case 'held':
      return sql`held_minor > 0`;
  }
}

/** Each of these is in an index; the ids are found before the payments are, so that they are looked up there too. */
function matches(sql: Sql, q: string) {
  const pattern = partOf(q);
  const bare = unambiguous(q);
  // What has other signs in it is no part of a reference.
  const ofReference = /^[0-9A-Z]+$/.test(bare) ? sql`replace(reference, '-', '') like ${`%${bare}%`} or` : sql``;
  return sql`(
    ${ofReference} customer_id ilike ${pattern} or product_id ilike ${pattern}
    or notes collate "und-x-icu" ilike ${pattern}
    or customer_id = any(array(select customer_id from customers where ${isNamed(sql, q)}))
    or product_id = any(array(select product_id from products where ${isNamed(sql, q)})))`;
}
