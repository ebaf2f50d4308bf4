import type { FreezeCause } from '../../domain/payment/command.js';
import type { Instant } from '../../domain/instants.js';
import type { RefusalCode } from '../../domain/refusals.js';
import type { Sql } from '../connect.js';

/** Of which shop; every shop's for who looks after all of them. */
export type OfShop = { readonly shopId: string | null; readonly limit: number };

/** For how many days what has ended by itself, and badly, is shown. */
const SHOWN_DAYS = 30;

export type FrozenPayment = {
  readonly reference: string;
  readonly customerId: string;
  readonly customerName: string | null;
  readonly currency: string;
  readonly balanceMinor: number;
  readonly cause: FreezeCause;
  /** Of the freeze, where the books have it: a payment that meets a conflict freezes by itself. */
  readonly frozenAt: Instant | null;
  readonly reason: string | null;
};

/**
 * Payments that are frozen, once for each cause. What a gift has frozen is the gift's to thaw, which is listed itself
 * as long as it is not given.
 */
export async function frozenPayments(sql: Sql, { shopId, limit }: OfShop): Promise<FrozenPayment[]> {
  return sql<FrozenPayment[]>`
    select p.reference, p.customer_id, n.name as customer_name, p.currency, p.balance_minor, f.cause,
           c.decided_at as frozen_at, c.reason
      from account_payments p
      cross join unnest(p.frozen_causes) as f (cause)
      left join customers n using (customer_id)
      left join lateral (
        select decided_at, details ->> 'reason' as reason from commands
         where reference = p.reference and kind = 'freeze' and outcome = 'accepted' and details ->> 'cause' = f.cause
         order by revision desc limit 1) c on true
     where p.frozen_causes <> '{}' and p.status in ('active', 'used') and f.cause <> 'gift'
       and (${shopId}::text is null or p.shop_id = ${shopId})
     order by c.decided_at desc nulls first, p.reference limit ${limit}`;
}

/** Payments that met a conflict lately. Whether one is frozen by it still, only the payment knows. */
export async function metConflicts(sql: Sql, { shopId, limit }: OfShop): Promise<FrozenPayment[]> {
  return sql<FrozenPayment[]>`
    select p.reference, p.customer_id, n.name as customer_name, p.currency, p.balance_minor, 'conflict' as cause,
           l.first_met_at as frozen_at, null as reason
      from ledger_conflicts l
      join account_payments p using (reference)
      left join customers n using (customer_id)
     where l.last_met_at > now() - make_interval(days => ${SHOWN_DAYS}) and not 'conflict' = any (p.frozen_causes)
       and (${shopId}::text is null or p.shop_id = ${shopId})
     order by l.first_met_at, p.reference limit ${limit}`;
}

export type UngivenGift = {
  readonly giftId: string;
  readonly reference: string;
  readonly customerId: string;
  readonly customerName: string | null;
  readonly toCustomerId: string;
  readonly toCustomerName: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly requestedAt: Instant;
  /** Why it was refused; null when it is not decided. */
  readonly code: RefusalCode | null;
};

/**
 * Gifts that failed and were not given another time since, and those that have not come to an end in the minutes after
 * they were asked for.
 */
export async function ungivenGifts(sql: Sql, { shopId, limit }: OfShop): Promise<UngivenGift[]> {
  return sql<UngivenGift[]>`
    select g.gift_id, g.reference, g.customer_id, n.name as customer_name, g.to_customer_id, m.name as to_customer_name,
           g.amount_minor, g.currency, g.requested_at, g.code
      from gifts g
      left join customers n using (customer_id)
      left join customers m on m.customer_id = g.to_customer_id
     where (g.status = 'pending' and g.requested_at < now() - interval '2 minutes'
            or g.status = 'refused' and g.requested_at > now() - make_interval(days => ${SHOWN_DAYS}))
       and g.status <> 'completed'
       and (${shopId}::text is null or g.shop_id = ${shopId})
       and not exists (select from gifts later
                        where g.status = 'refused' and later.status = 'completed' and later.reference = g.reference
                          and later.to_customer_id = g.to_customer_id and later.requested_at > g.requested_at)
     order by g.requested_at desc, g.gift_id limit ${limit}`;
}

export type LostSignal = {
  readonly reference: string;
  readonly commandId: string;
  readonly sentAt: Instant;
  /** Why it was refused; null when nothing stands in the books about it. */
  readonly code: RefusalCode | null;
  readonly kind: 'apply' | 'refund' | null;
  readonly saleId: string | null;
  readonly caller: string | null;
  readonly amountMinor: number | null;
  readonly currency: string;
};

/**
 * Commands that were left as signals, so that nobody heard their answer: refused ones, and those of which the books
 * have nothing a while after they were sent. Not those that somebody has settled.
 */
export async function lostSignals(sql: Sql, { shopId, limit }: OfShop): Promise<LostSignal[]> {
  return sql<LostSignal[]>`
    select s.reference, s.command_id, s.sent_at, c.outcome as code, c.kind, c.sale_id, c.caller,
           (c.details ->> 'amountMinor')::bigint as amount_minor, p.currency
      from sent_signals s
      join account_payments p using (reference)
      left join commands c using (reference, command_id)
     where s.sent_at > now() - make_interval(days => ${SHOWN_DAYS})
       and (c.command_id is null and s.sent_at < now() - interval '10 minutes' or c.outcome <> 'accepted')
       and (${shopId}::text is null or coalesce(c.shop_id, p.shop_id) = ${shopId})
       and not exists (select from attended_signals a where a.command_id = s.command_id)
     order by s.sent_at desc, s.command_id limit ${limit}`;
}

/** A sale that a person has to settle, as its last such command left it. */
export type UnsettledSale = {
  readonly saleShopId: string;
  readonly saleId: string;
  /** Of the command that left it so. */
  readonly number: number;
  readonly customerId: string | null;
  readonly currency: string;
  readonly decidedAt: Instant;
  /** Told to the till as taken, and gone. */
  readonly missingMinor: number;
  /** Should have gone back, and did not. */
  readonly notReturnedMinor: number;
};

/** Told missing by all commands of a sale after the one that met it, too: what somebody has settled of that is off. */
export async function unsettledSales(sql: Sql, { shopId, limit }: OfShop): Promise<UnsettledSale[]> {
  return sql<UnsettledSale[]>`
    with unsettled as (
      select distinct on (sale_shop_id, sale_id) sale_shop_id, sale_id, number, customer_id, currency, decided_at,
             ${missingOf(sql)} - coalesce(
               (select max(missing_minor) from attended_sales a
                 where (a.sale_shop_id, a.sale_id) = (s.sale_shop_id, s.sale_id)), 0) as missing_minor,
             (select coalesce(sum((n ->> 'amountMinor')::bigint), 0)
                from jsonb_path_query(answer, '$.return.notReturned[*]') n
               where not exists (select from attended_sales a where a.number = s.number)
                 and not exists (select from sale_commands later
                                  where (later.sale_shop_id, later.sale_id) = (s.sale_shop_id, s.sale_id)
                                    and later.number > s.number and later.kind = 'return'
                                    and later.outcome = 'accepted'))::bigint as not_returned_minor
        from sale_commands s
       where ${isUnsettled(sql)} and outcome = 'accepted'
         and decided_at > now() - make_interval(days => ${SHOWN_DAYS})
         and (${shopId}::text is null or sale_shop_id = ${shopId})
       order by sale_shop_id, sale_id, number desc)
    select * from unsettled where missing_minor > 0 or not_returned_minor > 0 order by decided_at desc limit ${limit}`;
}

/** Payments that gave a sale or a gift no answer lately, because their workflow was missing. */
export async function silentPayments(sql: Sql, { shopId, limit }: OfShop): Promise<string[]> {
  const rows = await sql<{ reference: string }[]>`
    with told as (
      select answer from sale_commands
       where ${isUnsettled(sql)} and decided_at > now() - make_interval(days => ${SHOWN_DAYS})),
    silent as (
      select p ->> 'reference' as reference from told
       cross join jsonb_path_query(answer, '$.refusal.payments[*] ? (@.code == "payment_unavailable")') p
      union
      select n ->> 'reference' from told
       cross join jsonb_path_query(answer, '$.return.notReturned[*] ? (@.code == "payment_unavailable")') n
      union
      select reference from gifts
       where status <> 'completed' and code = 'payment_unavailable'
         and requested_at > now() - make_interval(days => ${SHOWN_DAYS}))
    select reference from silent
     -- Each looked up by itself (offset 0): Postgres takes these few for millions, and would read all payments.
     cross join lateral (
       select from account_payments p
        where p.reference = silent.reference and (${shopId}::text is null or p.shop_id = ${shopId})
          and (p.status = 'active' or p.status = 'used' and (p.expires_at is null or p.expires_at > now()))
       offset 0) open
     order by reference limit ${limit}`;
  return rows.map(({ reference }) => reference);
}

/** What a sale has missing as an answer of it tells. */
export function missingOf(sql: Sql) {
  return sql`(select coalesce(sum((m ->> 'missingMinor')::bigint), 0)::bigint
                from jsonb_path_query(answer, '$.attempt.sources[*]') m)`;
}

/** As the index has it. */
function isUnsettled(sql: Sql) {
  return sql`(outcome = 'payment_unavailable'
     or jsonb_path_exists(answer, '$.attempt.sources[*] ? (@.missingMinor > 0)')
     or jsonb_path_exists(answer, '$.return.notReturned[*]'))`;
}
