import type { LifeRow } from '../../domain/payment/explain.js';
import type { CommandRecord } from '../../domain/payment/state.js';
import type { Sql } from '../connect.js';

/** What a payment decided of one command, refused or not. */
export type TimelineRow = LifeRow & {
  readonly outcome: CommandRecord['outcome'];
  /** What it named, whether anything moved or not. */
  readonly askedMinor: number | null;
  readonly balanceBeforeMinor: number | null;
};

/** What of a command is told, with what it moved and the names that people know, of `commandsToTell`. */
export const told = (sql: Sql) => sql`
  c.command_id, c.revision, c.kind, c.decided_at, c.caller, u.name as caller_name, c.staff_id, s.name as staff_name,
  c.shop_id, h.name as shop_name, c.parent_kind, c.sale_shop_id, c.sale_id, c.kept_minor,
  coalesce(c.details ->> 'reason', g.reason) as reason, c.details ->> 'tender' as tender,
  c.details ->> 'disposition' as disposition,
  c.details ->> 'cause' as cause, c.details ->> 'expiresAt' as expires_at, c.details -> 'law' as law,
  m.counterpart, m.amount_minor, m.balance_after_minor`;

export const commandsToTell = (sql: Sql) => sql`
  commands c
  left join movements m using (reference, command_id)
  left join shops h on h.shop_id = c.shop_id
  left join gifts g on c.parent_kind = 'gift' and g.gift_id = c.parent_id and g.reference = c.reference
                   and (c.kind = 'capture' or c.outcome <> 'accepted')
  left join staff.members u on 'staff:' || u.id = c.caller
  left join staff.members s on s.id = c.staff_id`;

export type TimelinePage = { readonly before: number | undefined; readonly limit: number };

/** Refusals too, the newest first. @param before a revision: only what is older */
export async function listTimeline(
  sql: Sql,
  reference: string,
  { before, limit }: TimelinePage,
): Promise<TimelineRow[]> {
  return sql<TimelineRow[]>`
    select ${told(sql)}, c.outcome, (c.details ->> 'amountMinor')::bigint as asked_minor, m.balance_before_minor
      from ${commandsToTell(sql)}
     where c.reference = ${reference} ${before === undefined ? sql`` : sql`and c.revision < ${before}`}
     order by c.revision desc limit ${limit}`;
}
