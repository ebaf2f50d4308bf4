import type { Disposition, FreezeCause, Parent, Tender } from '../../domain/payment/command.js';
import type { Instant } from '../../domain/instants.js';
import type { CommandRecord } from '../../domain/payment/state.js';
import type { Sql } from '../connect.js';

/** What a payment decided of one command, with what that moved, and the names that people know. */
export type TimelineRow = {
  readonly commandId: string;
  readonly revision: number;
  readonly kind: CommandRecord['kind'];
  readonly outcome: CommandRecord['outcome'];
  readonly decidedAt: Instant;
  readonly caller: string;
  readonly callerName: string | null;
  readonly staffId: string | null;
  readonly staffName: string | null;
  readonly shopId: string;
  readonly shopName: string | null;
  readonly parentKind: Parent['kind'] | null;
  readonly saleShopId: string | null;
  readonly saleId: string | null;
  readonly keptMinor: number;
  readonly reason: string | null;
  readonly tender: Tender | null;
  readonly disposition: Disposition | null;
  readonly cause: FreezeCause | 'asked' | 'lapsed' | 'deadline' | null;
  /** What it named, whether anything moved or not. */
  readonly askedMinor: number | null;
  readonly expiresAt: Instant | null;
  readonly counterpart: string | null;
  readonly amountMinor: number | null;
  readonly balanceBeforeMinor: number | null;
  readonly balanceAfterMinor: number | null;
};

export type TimelinePage = { readonly before: number | undefined; readonly limit: number };

/** Refusals too, the newest first. @param before a revision: only what is older */
export async function listTimeline(
  sql: Sql,
  reference: string,
  { before, limit }: TimelinePage,
): Promise<TimelineRow[]> {
  return sql<TimelineRow[]>`
    select c.command_id, c.revision, c.kind, c.outcome, c.decided_at, c.caller, u.name as caller_name, c.staff_id,
           s.name as staff_name, c.shop_id, h.name as shop_name, c.parent_kind, c.sale_shop_id, c.sale_id, c.kept_minor,
           c.details ->> 'reason' as reason, c.details ->> 'tender' as tender,
           c.details ->> 'disposition' as disposition, c.details ->> 'cause' as cause,
           (c.details ->> 'amountMinor')::bigint as asked_minor, c.details ->> 'expiresAt' as expires_at,
           m.counterpart, m.amount_minor, m.balance_before_minor, m.balance_after_minor
      from commands c
      left join movements m using (reference, command_id)
      left join shops h on h.shop_id = c.shop_id
      left join staff.members u on 'staff:' || u.id = c.caller
      left join staff.members s on s.id = c.staff_id
     where c.reference = ${reference} ${before === undefined ? sql`` : sql`and c.revision < ${before}`}
     order by c.revision desc limit ${limit}`;
}
