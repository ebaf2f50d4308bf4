import type { Sql } from '../connect.js';
import { conditionsOf, type AccountPaymentFilter, type Named } from './listed.js';

type Page = {
  readonly filter: AccountPaymentFilter;
  readonly named: Named;
  readonly order: 'ascending' | 'descending';
  /** After this payment of this customer, whose name is in no address. */
  readonly position: { readonly customerId: string; readonly reference: string } | undefined;
  readonly limit: number;
};

/**
 * The references of a page of payments by their customers' names, in the order of searchContacts; those of customers
 * without a name come last both ways, by number.
 */
export async function referencesByName(sql: Sql, page: Page): Promise<string[]> {
  const { position, limit } = page;
  const [last] =
    position === undefined
      ? []
      : await sql<{ name: string }[]>`select name from customers where customer_id = ${position.customerId}`;
  const isPastNames = position !== undefined && last === undefined;
  const named = isPastNames ? [] : await ofNamed(sql, page, last?.name);
  if (named.length === limit) return named;
  const unnamed = await ofUnnamed(sql, page, isPastNames ? position : undefined, limit - named.length);
  return [...named, ...unnamed];
}

/** @param after the name of the position's customer */
async function ofNamed(sql: Sql, page: Page, after: string | undefined): Promise<string[]> {
  const { isAfter, direction } = inOrder(sql, page.order);
  const name = sql`name collate "und-x-icu"`;
  const conditions = conditionsOf(sql, page.filter, page.named);
  if (page.position !== undefined && after !== undefined)
    conditions.push(sql`(${name}, reference) ${isAfter} (${after} collate "und-x-icu", ${page.position.reference})`);
  const rows = await sql<{ reference: string }[]>`
    select reference from customers join account_payments using (customer_id)
     where true ${conditions.reduce((all, each) => sql`${all} and ${each}`, sql``)}
     order by ${name} ${direction}, reference ${direction} limit ${page.limit}`;
  return rows.map(({ reference }) => reference);
}

async function ofUnnamed(sql: Sql, page: Page, after: Page['position'], limit: number): Promise<string[]> {
  const { isAfter, direction } = inOrder(sql, page.order);
  const conditions = conditionsOf(sql, page.filter, page.named);
  if (after !== undefined)
    conditions.push(sql`(customer_id, reference) ${isAfter} (${after.customerId}, ${after.reference})`);
  const rows = await sql<{ reference: string }[]>`
    select reference from account_payments
     where not exists (select from customers c where c.customer_id = account_payments.customer_id)
           ${conditions.reduce((all, each) => sql`${all} and ${each}`, sql``)}
     order by customer_id ${direction}, reference ${direction} limit ${limit}`;
  return rows.map(({ reference }) => reference);
}

function inOrder(sql: Sql, order: Page['order']) {
  return order === 'ascending' ? { isAfter: sql`>`, direction: sql`asc` } : { isAfter: sql`<`, direction: sql`desc` };
}
