import type { Sql } from '../connect.js';

/** A payment to compare, and whether its workflow has to be there still, or only its books can be asked. */
export type Compared = { readonly reference: string; readonly isRecent: boolean };

/** Histories are kept for 30 days after a workflow's end. */
const KEPT_DAYS = 30;

/** Every payment of the books, a page at a time, in the order of their references. */
export async function allPayments(sql: Sql, after: string, limit: number): Promise<Compared[]> {
  return sql<Compared[]>`
    select reference,
           status = 'active' or status = 'used' and (expires_at is null or expires_at > now())
             or exists (select from commands c
                         where c.reference = p.reference and c.revision = p.revision
                           and c.decided_at > now() - make_interval(days => ${KEPT_DAYS})) as is_recent
      from account_payments p where reference > ${after} order by reference limit ${limit}`;
}

export async function countPayments(sql: Sql): Promise<number> {
  const [row] = await sql<[{ count: number }]>`select count(*)::int as count from account_payments`;
  return row.count;
}

/** How far back one looks that finds no earlier comparison, and how much further than the last one began. */
const [LONGEST, OVERLAP] = ['1 day', '10 minutes'];

/**
 * Payments of which something was recorded since the last comparison began, or that met a conflict lately, or
 * that differed when they were last compared.
 */
export async function changedPayments(sql: Sql): Promise<string[]> {
  const rows = await sql<{ reference: string }[]>`
    with since as (
      select greatest(now() - ${LONGEST}::interval,
                      coalesce(max(started_at), '-infinity') - ${OVERLAP}::interval) as at
        from reconciliations where scope <> 'named')
    select reference from commands where recorded_at > (select at from since)
    union select reference from ledger_conflicts where last_met_at > now() - ${LONGEST}::interval
    union select reference from reconciliation_differences d
           where not exists (select from reconciliation_resolutions r where r.difference_id = d.difference_id)
    order by reference`;
  return rows.map(({ reference }) => reference);
}

/** Which of these the books have no row of. */
export async function withoutRow(sql: Sql, references: readonly string[]): Promise<string[]> {
  const rows = await sql<{ reference: string }[]>`
    select reference from unnest(${[...references]}::text[]) as asked (reference)
     where not exists (select from account_payments p where p.reference = asked.reference)`;
  return rows.map(({ reference }) => reference);
}

/** Which of these nobody was promised, as far as the books know. */
export async function withoutReservation(sql: Sql, references: readonly string[]): Promise<Set<string>> {
  const rows = await sql<{ reference: string }[]>`
    select reference from unnest(${[...references]}::text[]) as asked (reference)
     where not exists (select from issue_reservations i where i.reference = asked.reference)`;
  return new Set(rows.map(({ reference }) => reference));
}
