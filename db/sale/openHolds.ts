import type { Instant } from '../../domain/instants.js';
import type { Sql } from '../connect.js';

/** Money of one payment that is held now, as far as the books know. */
export type HeldPayment = { readonly reference: string; readonly amountMinor: number };

/** What is held for one sale, or for one gift. */
export type OpenHold = {
  /** The sale's own, to be named when it is let go; null for a gift. */
  readonly holdId: string | null;
  readonly saleShopId: string | null;
  readonly saleId: string | null;
  readonly giftId: string | null;
  readonly customerId: string;
  readonly customerName: string | null;
  readonly currency: string;
  /** The till, or the name of who stood at it. */
  readonly heldBy: string;
  readonly heldAt: Instant;
  /** When the sale lets go of it by itself, or, as long as the books do not know that, when the payment does. */
  readonly endsAt: Instant;
  readonly payments: readonly HeldPayment[];
};

/**
 * What is held in a shop now, the oldest first: accepted holds that were neither taken nor let go, and whose end has
 * not come. A hold that was resized, or taken in part, has the size and the end that this left it.
 */
export async function listOpenHolds(sql: Sql, shopId: string, limit: number): Promise<OpenHold[]> {
  return sql<OpenHold[]>`
    with told as (
      select p.reference, p.customer_id, p.currency, c.command_id, c.revision, c.kind, c.decided_at, c.caller,
             c.shop_id, c.sale_shop_id, c.sale_id, c.parent_command_id, c.details,
             case c.kind when 'hold' then coalesce(c.details ->> 'resizes', c.command_id)
                         else c.details ->> 'holdId' end as hold_id
        from account_payments p join commands c using (reference)
       where p.held_minor > 0 and c.outcome = 'accepted' and c.kind in ('hold', 'capture', 'release')),
    sized as (
      select distinct on (reference, hold_id) reference, hold_id, revision, parent_command_id,
             (details ->> 'amountMinor')::bigint as amount_minor
        from told where kind = 'hold' order by reference, hold_id, revision desc),
    ended as (
      select distinct on (reference, hold_id) reference, hold_id,
             case kind when 'hold' then decided_at + make_interval(secs => (details ->> 'lifetimeMs')::bigint / 1000.0)
                       when 'capture' then coalesce((details ->> 'heldUntil')::timestamptz, '-infinity')
                       else '-infinity' end as ends_at
        from told order by reference, hold_id, revision desc),
    open as (
      select t.*, e.ends_at, s.parent_command_id as asked_by,
             s.amount_minor - (select coalesce(sum((d.details ->> 'amountMinor')::bigint), 0) from told d
                                where d.kind = 'capture' and (d.reference, d.hold_id) = (t.reference, t.hold_id)
                                  and d.revision > s.revision) as amount_minor
        from told t join sized s using (reference, hold_id) join ended e using (reference, hold_id)
       where t.kind = 'hold' and t.command_id = t.hold_id and e.ends_at > now()
         and coalesce(t.sale_shop_id, t.shop_id) = ${shopId})
    select coalesce(max(a.hold_id), max(o.asked_by) filter (where o.sale_id is not null)) as hold_id,
           o.sale_shop_id, o.sale_id, o.details ->> 'giftId' as gift_id, o.customer_id, max(n.name) as customer_name,
           o.currency, min(coalesce(m.name, o.caller)) as held_by, min(o.decided_at) as held_at,
           coalesce(max(a.ends_at), min(o.ends_at)) as ends_at,
           jsonb_agg(jsonb_build_object('reference', o.reference, 'amountMinor', o.amount_minor)
                     order by o.revision, o.reference) as payments
      from open o
      left join customers n using (customer_id)
      left join staff.members m on o.caller = 'staff:' || m.id
      left join lateral (
        select answer -> 'attempt' ->> 'commandId' as hold_id,
               (answer -> 'attempt' ->> 'holdExpiresAt')::timestamptz as ends_at
          from sale_commands s
         where (s.sale_shop_id, s.sale_id) = (o.sale_shop_id, o.sale_id) order by number desc limit 1) a on true
     where o.amount_minor > 0
     group by o.sale_shop_id, o.sale_id, o.details ->> 'giftId', o.customer_id, o.currency
     order by held_at, o.sale_id limit ${limit}`;
}
