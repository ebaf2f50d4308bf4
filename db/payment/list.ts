import type { Sql } from '../connect.js';
import { selectView, toRow, type AccountPaymentRow, type Selected } from './accountPayments.js';
import { conditionsOf, expiry, namedSo, type AccountPaymentFilter } from './listed.js';
import { referencesByName } from './listByName.js';

const columnKeys = [
  'issuedAt',
  'expiresAt',
  'amountMinor',
  'balanceMinor',
  'customerId',
  'reference',
  'type',
  'status',
] as const;
type ColumnKey = (typeof columnKeys)[number];
/** What a list can be sorted by; one that never expires comes after all that do. */
export const sortKeys = [...columnKeys, 'customerName'] as const;
export type SortKey = (typeof sortKeys)[number];
/** As a list is asked for: with a minus the greatest first. */
export const sorts = sortKeys.flatMap((key) => [key, `-${key}` as const]);
export type Sorting = { readonly by: SortKey; readonly order: 'ascending' | 'descending' };

/** Where a page begins: after this row, by what it is sorted by (for a name, whose it is) and its reference. */
export type PaymentPosition = { readonly value: string | number; readonly reference: string };

const NEVER = 'infinity';

export function positionOf(row: AccountPaymentRow, by: SortKey): PaymentPosition {
  return { value: row[by === 'customerName' ? 'customerId' : by] ?? NEVER, reference: row.reference };
}

type Paging = { position: PaymentPosition | undefined; limit: number };

/** From after `position` on: rows that are added meanwhile shift nothing. */
export async function listAccountPayments(
  sql: Sql,
  filter: AccountPaymentFilter,
  sorting: Sorting,
  { position, limit }: Paging,
): Promise<AccountPaymentRow[]> {
  const named = await namedSo(sql, filter.q);
  const { by, order } = sorting;
  if (by !== 'customerName') return byColumn(sql, conditionsOf(sql, filter, named), { by, order }, { position, limit });
  const after = position && { customerId: String(position.value), reference: position.reference };
  return rowsOf(sql, await referencesByName(sql, { filter, named, order, position: after, limit }));
}

async function byColumn(
  sql: Sql,
  conditions: ReturnType<typeof conditionsOf>,
  { by, order }: { by: ColumnKey; order: Sorting['order'] },
  { position, limit }: Paging,
): Promise<AccountPaymentRow[]> {
  const key = keyOf(sql, by);
  const [isAfter, direction] = order === 'ascending' ? [sql`>`, sql`asc`] : [sql`<`, sql`desc`];
  if (position !== undefined)
    conditions.push(sql`(${key}, reference) ${isAfter} (${position.value}, ${position.reference})`);
  // Which they are first, then what they are: rows are wide, and all of them may have to be sorted.
  const rows = await sql<Selected[]>`
    select ${selectView(sql)} from account_payments
      join (select reference as listed from account_payments
             where true ${conditions.reduce((all, each) => sql`${all} and ${each}`, sql``)}
             order by ${key} ${direction}, reference ${direction}
             limit ${limit}) page on reference = listed
     order by ${key} ${direction}, reference ${direction}`;
  return rows.map(toRow);
}

/** In the order of their references. */
async function rowsOf(sql: Sql, references: readonly string[]): Promise<AccountPaymentRow[]> {
  const rows = await sql<Selected[]>`
    select ${selectView(sql)} from account_payments
      join unnest(${[...references]}::text[]) with ordinality as page (listed, place) on reference = listed
     order by place`;
  return rows.map(toRow);
}

function keyOf(sql: Sql, by: ColumnKey) {
  switch (by) {
    case 'issuedAt':
      return sql`issued_at`;
    case 'expiresAt':
      return expiry(sql);
    case 'amountMinor':
      return sql`amount_minor`;
    case 'balanceMinor':
      return sql`balance_minor`;
    case 'customerId':
      return sql`customer_id`;
    case 'reference':
      return sql`reference`;
    case 'type':
      return sql`type`;
    case 'status':
      return sql`status`;
  }
}
