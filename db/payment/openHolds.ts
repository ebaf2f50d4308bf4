import type { Parent } from '../../domain/payment/command.js';
import type { Instant } from '../../domain/instants.js';
import type { Sql } from '../connect.js';

/** What is reserved of a payment now, for which sale or gift, and who reserved it. */
export type OpenHoldRow = {
  readonly holdId: string;
  readonly amountMinor: number;
  /** When the payment itself lets go. */
  readonly expiresAt: Instant;
  readonly parentKind: Parent['kind'] | null;
  readonly saleShopId: string | null;
  readonly saleId: string | null;
  readonly caller: string;
  readonly callerName: string | null;
  readonly staffName: string | null;
  readonly shopId: string;
  readonly shopName: string | null;
};

/**
 * As the books tell it: of each hold the last size that it was given, less what was taken from it since. A capture that
 * says until when the rest is held leaves it open.
 */
export async function listOpenHolds(sql: Sql, reference: string): Promise<OpenHoldRow[]> {
  return sql<OpenHoldRow[]>`
    with sizes as (
      select distinct on (coalesce(details ->> 'resizes', command_id))
             coalesce(details ->> 'resizes', command_id) as hold_id, revision, parent_kind, sale_shop_id, sale_id,
             caller, staff_id, shop_id, (details ->> 'amountMinor')::bigint as amount_minor,
             decided_at + (details ->> 'lifetimeMs')::double precision * interval '1 millisecond' as expires_at
        from commands
       where reference = ${reference} and kind = 'hold' and outcome = 'accepted'
       order by coalesce(details ->> 'resizes', command_id), revision desc)
    select z.hold_id, z.amount_minor - t.taken_minor as amount_minor,
           coalesce(t.held_until, z.expires_at) as expires_at, z.parent_kind, z.sale_shop_id, z.sale_id,
           z.caller, u.name as caller_name, s.name as staff_name, z.shop_id, h.name as shop_name
      from sizes z
      cross join lateral (
        select coalesce(sum((c.details ->> 'amountMinor')::bigint), 0)::bigint as taken_minor,
               ((array_agg(c.details ->> 'heldUntil' order by c.revision desc))[1])::timestamptz as held_until,
               count(*) filter (where c.details ->> 'heldUntil' is null) as ends
          from commands c
         where c.reference = ${reference} and c.kind in ('capture', 'release') and c.outcome = 'accepted'
           and c.details ->> 'holdId' = z.hold_id and c.revision > z.revision) t
      left join shops h on h.shop_id = z.shop_id
      left join staff.members u on 'staff:' || u.id = z.caller
      left join staff.members s on s.id = z.staff_id
     where t.ends = 0 and z.amount_minor > t.taken_minor
     order by z.revision`;
}
