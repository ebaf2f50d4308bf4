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
  const [rows, fees, counted, ancestors, descendants, sums] = await Promise.all([
    happenings(sql, reference, limit),
    feesSince(sql, reference, limit),
    count(sql, reference),
    ancestorsOf(sql, reference),
    descendantsOf(sql, reference, limit),
    sumsOf(sql, reference),
  ]);
  const { happenedCount, refusedCount } = counted;
  return {
    rows: [...rows, ...fees],
    ancestors,
    descendants,
    sums,
    refusedCount,
    leftOutCount: happenedCount - rows.length,
  };
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

/** Fees that were kept after its end, of what would have come back to it: it decided nothing of them. */
async function feesSince(sql: Sql, reference: string, limit: number): Promise<LifeRow[]> {
  return sql<LifeRow[]>`
    with fees as (
      select f.command_id, f.recorded_at as decided_at, f.kept_minor, f.caller, f.staff_id, f.shop_id,
             r.answer #>> '{return,reason}' as reason, f.sale_shop_id, f.sale_id
        from kept_fees f
        left join sale_commands r
          on (r.sale_shop_id, r.sale_id, r.command_id) = (f.sale_shop_id, f.sale_id, f.return_id)
       where f.reference = ${reference}
      union all
      select command_id, issued_at, kept_minor, issue #>> '{by,caller}', issue #>> '{by,staffId}',
             issue #>> '{by,shopId}', issue ->> 'reason', sale_shop_id, sale_id
        from issue_reservations
       where replaces = ${reference} and kept_minor > 0)
    select c.command_id, p.revision, 'refund' as kind, c.decided_at, c.caller, u.name as caller_name, c.staff_id,
           s.name as staff_name, c.shop_id, h.name as shop_name, 'sale' as parent_kind, c.sale_shop_id, c.sale_id,
           c.kept_minor, c.reason, null as tender, null as disposition, null as cause, null as expires_at, null as law,
           null as counterpart, null as amount_minor, null as balance_after_minor
      from fees c
      join account_payments p on p.reference = ${reference}
      left join shops h on h.shop_id = c.shop_id
      left join staff.members u on 'staff:' || u.id = c.caller
      left join staff.members s on s.id = c.staff_id
     order by c.decided_at, c.command_id limit ${limit}`;
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
