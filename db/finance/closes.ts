import type { CloseKind, Head } from '../../domain/finance/closing.js';
import type { Category } from '../../domain/finance/categories.js';
import type { Instant } from '../../domain/instants.js';
import type { Sql } from '../connect.js';

/** Of one currency, in minor units. Only a month tells what was owed. */
export type CloseTotals = {
  readonly currency: string;
  readonly openingMinor?: number;
  readonly closingMinor?: number;
  readonly receivedMinor: number;
  /** All that was ever received: nothing that goes back lowers it. */
  readonly perpetualReceivedMinor: number;
  readonly categories: readonly { readonly category: Category; readonly amountMinor: number }[];
};

export type Close = {
  readonly number: number;
  readonly legalEntity: string;
  readonly position: number;
  readonly kind: CloseKind;
  readonly shopId: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly closedAt: Instant;
  readonly closedBy: string;
  readonly reason: string | null;
  /** Null when Temporal could not be asked, or did not tell in time. */
  readonly unrecordedCount: number | null;
  readonly movementCount: number;
  readonly lateCount: number;
  readonly totals: readonly CloseTotals[];
  readonly previousHead: string;
  readonly head: string;
};

/** By whom, and how many decisions waited to be recorded then. */
export type Closing = { readonly closedBy: string; readonly unrecordedCount: number | null };

/** Told of each close once it is written, and of none that was before. */
export type OnClosed = (close: Close) => void;

export const closeColumns = (sql: Sql) => sql`
  number, legal_entity, position, kind, shop_id, first_day::text as first_day, last_day::text as last_day, closed_at,
  closed_by, reason, unrecorded_count, movement_count, late_count, totals, previous_head, head`;

export async function findClose(sql: Sql, number: number): Promise<Close | undefined> {
  const [close] = await sql<Close[]>`select ${closeColumns(sql)} from finance.closes where number = ${number}`;
  return close;
}

/** What a request closed, or opened again. */
export async function findCloseOf(sql: Sql, requestId: string): Promise<Close | undefined> {
  const [close] = await sql<Close[]>`select ${closeColumns(sql)} from finance.closes where request_id = ${requestId}`;
  return close;
}

/** The newest close of each entity. */
export async function latestHeads(sql: Sql): Promise<Head[]> {
  return sql<Head[]>`
    select distinct on (legal_entity) legal_entity, position, head from finance.closes
     order by legal_entity, position desc`;
}

export type ClosesAsked = {
  readonly legalEntity?: string | undefined;
  readonly shopId?: string | undefined;
  readonly beforeNumber?: number | undefined;
  readonly limit?: number;
};

/** The latest first: of a shop its days, of an entity, or of all, their months and what opened them again. */
export async function listCloses(
  sql: Sql,
  { legalEntity, shopId = '', beforeNumber, limit = 500 }: ClosesAsked = {},
): Promise<Close[]> {
  return sql<Close[]>`
    select ${closeColumns(sql)} from finance.closes
     where ${legalEntity === undefined ? sql`true` : sql`legal_entity = ${legalEntity}`} and shop_id = ${shopId}
       and ${beforeNumber === undefined ? sql`true` : sql`number < ${beforeNumber}`}
     order by number desc limit ${limit}`;
}
