import type { AccountPaymentView, Status } from '../../domain/payment/payment.js';
import { unambiguous } from '../../domain/reference.js';
import type { Sql } from '../connect.js';
import { isNamed, patternsOf } from '../search.js';

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
  /**
   * Part of a reference or an id or the notes, or how words of a customer's or product's name begin; of less than three
   * letters, how words begin everywhere.
   */
  q?: string | undefined;
};

/**
 * Every one of these has to hold.
 * @param named whose names match what is searched for, as `namedSo` found them
 */
export function conditionsOf(sql: Sql, filter: AccountPaymentFilter, named: Named) {
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
    filter.expiresAfter !== undefined && sql`(${expiry(sql)} > ${filter.expiresAfter} and expires_at is not null)`,
    filter.expiresBy !== undefined && sql`${expiry(sql)} <= ${filter.expiresBy}`,
    filter.expiresBefore !== undefined && sql`${expiry(sql)} < ${filter.expiresBefore}`,
    filter.amountFrom !== undefined && sql`amount_minor >= ${filter.amountFrom}`,
    filter.amountThrough !== undefined && sql`amount_minor <= ${filter.amountThrough}`,
    filter.balanceFrom !== undefined && sql`balance_minor >= ${filter.balanceFrom}`,
    filter.balanceThrough !== undefined && sql`balance_minor <= ${filter.balanceThrough}`,
    filter.saleId !== undefined && sql`reference in (select reference from movements where sale_id = ${filter.saleId})`,
    filter.q !== undefined && matches(sql, filter.q, named),
  ].filter((each) => each !== false);
}

/** As the index has it. */
export function expiry(sql: Sql) {
  return sql`coalesce(expires_at, 'infinity')`;
}

function isMarked(sql: Sql, mark: Mark) {
  switch (mark) {
    case 'frozen':
      return sql`frozen_causes <> '{}'`;
    case 'held':
      return sql`held_minor > 0`;
  }
}

function matches(sql: Sql, q: string, { customers, products }: Named) {
  const patterns = patternsOf(q);
  const bare = unambiguous(q);
  const named = isNamed(sql, q);
  const ways = [
    // One condition a column, for of several Postgres takes the index of all products for each.
    sql`customer_id ilike any(${patterns})`,
    sql`product_id ilike any(${patterns})`,
    sql`notes_lower like any(${patterns.map((each) => each.toLowerCase())})`,
    // What has other signs in it is no part of a reference; what is shorter would be part of almost any.
    ...(/^[0-9A-Z]{3,}$/.test(bare) ? [sql`replace(reference, '-', '') like ${`%${bare}%`}`] : []),
    ...oneOfThem(sql, sql`customer_id`, customers, sql`select customer_id from customers where ${named}`),
    ...oneOfThem(sql, sql`product_id`, products, sql`select product_id from products where ${named}`),
  ];
  return sql`(${ways.reduce((all, each) => sql`${all} or ${each}`)})`;
}

/** More names than these are not listed one by one. */
const MOST_NAMED = 200;
type Fragment = ReturnType<typeof isNamed>;

function oneOfThem(sql: Sql, column: Fragment, ids: readonly string[], all: Fragment): Fragment[] {
  if (ids.length === 0) return [];
  return [ids.length > MOST_NAMED ? sql`${column} in (${all})` : sql`${column} = any(${[...ids]})`];
}

/** The ids of those whose names match. */
export type Named = { readonly customers: readonly string[]; readonly products: readonly string[] };

/**
 * Asked before the payments are, for Postgres cannot guess how many of them some names have, and would rather read all
 * payments than look these up.
 */
export async function namedSo(sql: Sql, q: string | undefined): Promise<Named> {
  if (q === undefined) return { customers: [], products: [] };
  const most = MOST_NAMED + 1;
  const [customers, products] = await Promise.all([
    sql<{ id: string }[]>`select customer_id as id from customers where ${isNamed(sql, q)} limit ${most}`,
    sql<{ id: string }[]>`select product_id as id from products where ${isNamed(sql, q)} limit ${most}`,
  ]);
  return { customers: customers.map(({ id }) => id), products: products.map(({ id }) => id) };
}
