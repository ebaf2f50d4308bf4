import type { Ancestor, Descendant, KnownLife, LifeRow, MovedSum } from '../../domain/payment/explain.js';
import type { Sql } from '../connect.js';
import { commandsToTell, told } from './timeline.js';

/** Further back than this nobody is told: each of them has a page of its own. */
const MOST_ANCESTORS = 20;

/** What a payment lived through, the oldest first, and all that belongs to it, at one moment. */
export async function findLife(
  sql: Sql,
  reference: string,
  { limit }: { readonly limit: number },
): Promise<Omit<KnownLife, 'payment'>> {
  const [rows, counted, ancestors, descendants, sums] = await Promise.all([
    happenings(sql, reference, limit),
    count(sql, reference),
    ancestorsOf(sql, reference),
    descendantsOf(sql, reference, limit),
    sumsOf(sql, reference),
  ]);
  const { happenedCount, refusedCount } = counted;
  return { rows, ancestors, descendants, sums, refusedCount, leftOutCount: happenedCount - rows.length };
}

/** Accepted commands that moved something, or changed what may happen. */
const happened = (sql: Sql) => sql`
  c.outcome = 'accepted' and c.kind not in ('hold', 'release')`;

async function happenings(sql: Sql, reference: string, limit: number): Promise<LifeRow[]> {
  return sql<LifeRow[]>`
    select ${told(sql)} from ${commandsToTell(sql)}
     where c.reference = ${reference} and ${happened(sql)}
     order by c.revision limit ${limit}`;
}

async function count(sql: Sql, reference: string): Promise<{ happenedCount: number; refusedCount: number }> {
  const [row] = await sql<{ happenedCount: number; refusedCount: number }[]>`
    select count(*) filter (where ${happened(sql)}) as happened_count,
           count(*) filter (where c.outcome <> 'accepted') as refused_count
      from commands c where c.reference = ${reference}`;
  return row ?? { happenedCount: 0, refusedCount: 0 };
}

async function ancestorsOf(sql: Sql, reference: string): Promise<Ancestor[]> {
  return sql<Ancestor[]>`
    with recursive line as (
      select coalesce(replaces, given_from) as reference, 1 as depth
        from account_payments where reference = ${reference}
      union all
      select coalesce(p.replaces, p.given_from), depth + 1
        from line join account_payments p using (reference)
       where depth < ${MOST_ANCESTORS})
    select p.reference, p.customer_id, p.amount_minor, p.issued_at, p.status, p.purpose, p.origin, p.funding, p.tender
      from line join account_payments p using (reference) order by depth`;
}

async function descendantsOf(sql: Sql, reference: string, limit: number): Promise<Descendant[]> {
  return sql<Descendant[]>`
    select reference, origin as cause, amount_minor, issued_at as at
      from account_payments where replaces = ${reference}
    union all
    select counterpart, 'gift', -amount_minor, moved_at
      from movements where reference = ${reference} and kind = 'gifted'
     order by at, reference limit ${limit}`;
}

async function sumsOf(sql: Sql, reference: string): Promise<MovedSum[]> {
  return sql<MovedSum[]>`
    select m.kind, case when m.kind = 'cancelled' then c.details ->> 'disposition' end as disposition,
           abs(sum(m.amount_minor))::bigint as amount_minor, count(*) as count
      from movements m join commands c using (reference, command_id)
     where m.reference = ${reference} group by 1, 2`;
}
