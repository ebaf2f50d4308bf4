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
             coalesce(c.sale_shop_id, c.shop_id) as shop_id, c.sale_shop_id, c.sale_id, c.parent_command_id,
             c.details ->> 'giftId' as gift_id, (c.details ->> 'amountMinor')::bigint as amount_minor,
             case c.kind when 'hold' then coalesce(c.details ->> 'resizes', c.command_id)
                         else c.details ->> 'holdId' end as hold_id,
             case kind when 'hold' then decided_at + make_interval(secs => (details ->> 'lifetimeMs')::bigint / 1000.0)
                       when 'capture' then coalesce((details ->> 'heldUntil')::timestamptz, '-infinity')
                       else '-infinity' end as ends_at
        from account_payments p
       -- Of each by itself (offset 0): Postgres takes these few for many, and would read all commands.
       cross join lateral (
         select * from commands
          where reference = p.reference and outcome = 'accepted' and kind in ('hold', 'capture', 'release') offset 0) c
       where p.status = 'active' and p.held_minor > 0),
    -- In one pass, for of joins Postgres expects few rows, and goes through all of them for each.
    placed as (
      select told.*, kind = 'hold' and command_id = hold_id as is_first,
             max(revision) filter (where kind = 'hold') over of_hold as sized_at, max(revision) over of_hold as last_at
        from told window of_hold as (partition by reference, hold_id)),
    open as (
      select reference, customer_id, currency,
             max(shop_id) filter (where is_first) as shop_id, max(sale_shop_id) filter (where is_first) as sale_shop_id,
             max(sale_id) filter (where is_first) as sale_id, max(gift_id) filter (where is_first) as gift_id,
             max(caller) filter (where is_first) as caller, max(decided_at) filter (where is_first) as decided_at,
             max(revision) filter (where is_first) as revision,
             max(ends_at) filter (where revision = last_at) as ends_at,
             max(parent_command_id) filter (where revision = sized_at) as asked_by,
             max(amount_minor) filter (where revision = sized_at)
               - coalesce(sum(amount_minor) filter (where kind = 'capture' and revision > sized_at), 0) as amount_minor
        from placed group by reference, hold_id, customer_id, currency)
    select coalesce(max(a.hold_id), max(o.asked_by) filter (where o.sale_id is not null)) as hold_id,
           o.sale_shop_id, o.sale_id, o.gift_id, o.customer_id, max(n.name) as customer_name,
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
     where o.shop_id = ${shopId} and o.amount_minor > 0 and o.ends_at > now()
     group by o.sale_shop_id, o.sale_id, o.gift_id, o.customer_id, o.currency
     order by held_at, o.sale_id limit ${limit}`;
}
