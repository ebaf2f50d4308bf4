import {
  DAY_CLOSES_AFTER_HOURS,
  firstDayOf,
  lastDayOf,
  mayClose,
  mayReopen,
  type CloseKind,
  type CloseRefusal,
  type CloseStanding,
} from '../../domain/finance/closing.js';
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
  /** Null when Temporal could not be asked. */
  readonly unrecordedCount: number | null;
  readonly movementCount: number;
  readonly lateCount: number;
  readonly totals: readonly CloseTotals[];
  readonly previousHead: string;
  readonly head: string;
};

/** By whom, and how many decisions waited to be recorded then. */
export type Closing = { readonly closedBy: string; readonly unrecordedCount: number | null };

const columns = (sql: Sql) => sql`
  number, legal_entity, position, kind, shop_id, first_day::text as first_day, last_day::text as last_day, closed_at,
  closed_by, reason, unrecorded_count, movement_count, late_count, totals, previous_head, head`;

/** A shop of which a day is over and closed by nobody yet. */
export type ShopDue = { readonly legalEntity: string; readonly shopId: string; readonly day: string };

/** Where a month was opened again, days wait until it is closed. */
export async function shopsDue(sql: Sql, now: Instant): Promise<ShopDue[]> {
  return sql`
    select s.legal_entity, s.shop_id, due.day::text as day
      from shops s
     cross join lateral (
       select ((${now}::timestamptz at time zone s.time_zone)
               - make_interval(hours => ${DAY_CLOSES_AFTER_HOURS}))::date - 1 as day) due
      left join finance.closed_through t on t.legal_entity = s.legal_entity and t.shop_id = s.shop_id
     where (t.day is null or t.day < due.day
            or not exists (select from finance.closes_in_force c
                            where c.legal_entity = s.legal_entity and c.shop_id = s.shop_id and c.last_day >= t.day))
       and due.day >= least((s.created_at at time zone s.time_zone)::date,
                            (select min(m.booked_on) from movements m where m.shop_id = s.shop_id))
       and not exists (
         select from finance.closes r
          where r.legal_entity = s.legal_entity and r.kind = 'reopening'
            and not exists (select from finance.closes m
                             where m.legal_entity = r.legal_entity and m.kind = 'month' and m.number > r.number))
     order by s.legal_entity, s.shop_id`;
}

/** From now on nothing is booked on days of this shop until this one. Whoever records is waited for, for a moment. */
export async function shutDays(sql: Sql, legalEntity: string, shopId: string, day: string): Promise<void> {
  await alone(sql, legalEntity, async (tx) => {
    await tx`
      insert into finance.closed_through (legal_entity, shop_id, day) values (${legalEntity}, ${shopId}, ${day}::date)
      on conflict (legal_entity, shop_id) do update set day = greatest(closed_through.day, excluded.day)`;
  });
}

/** The same for all that an entity does and owes, in whatever shop. */
async function shutMonth(sql: Sql, legalEntity: string, day: string): Promise<void> {
  await alone(sql, legalEntity, async (tx) => {
    await tx`
      insert into finance.closed_through (legal_entity, shop_id, day)
      select ${legalEntity}, shop_id, ${day}::date from shops where legal_entity = ${legalEntity}
      union all select ${legalEntity}, '', ${day}::date
      on conflict (legal_entity, shop_id) do update set day = greatest(closed_through.day, excluded.day)`;
  });
}

/** While nobody books anything of this entity: for an instant, and recording waits for it no longer than this waits. */
async function alone(sql: Sql, legalEntity: string, change: (tx: Sql) => Promise<void>): Promise<void> {
  await sql.begin(async (transaction) => {
    const tx = transaction as unknown as Sql;
    await tx`select set_config('lock_timeout', '2s', true)`;
    await tx`select pg_advisory_xact_lock(hashtextextended(${`books of ${legalEntity}`}, 0))`;
    await change(tx);
  });
}

const AT_ONCE = 50;

/** Writes the closes of a shop's days on which nothing is booked any more, and returns them. */
export async function writeDayCloses(
  sql: Sql,
  shopId: string,
  { closedBy, unrecordedCount }: Closing,
): Promise<Close[]> {
  const written: Close[] = [];
  for (;;) {
    const some = await sql<Close[]>`
      select ${columns(sql)} from finance.close_days(${shopId}, ${closedBy}, ${unrecordedCount}, ${AT_ONCE})`;
    written.push(...some);
    if (some.length < AT_ONCE) return written;
  }
}

/** Closes a month of an entity, with the days of its shops that are open still. Asked again, it tells what it was. */
export async function closeMonth(
  sql: Sql,
  { legalEntity, month }: { readonly legalEntity: string; readonly month: string },
  closing: Closing,
): Promise<Close | CloseRefusal> {
  const may = mayClose(month, await standingOf(sql, legalEntity, month));
  if (typeof may === 'object') return may;
  const [firstDay, lastDay] = [firstDayOf(month), lastDayOf(month)];
  if (may === 'close') {
    await shutMonth(sql, legalEntity, lastDay);
    const shops = await sql<{ shopId: string }[]>`
      select shop_id from shops where legal_entity = ${legalEntity} order by shop_id`;
    for (const { shopId } of shops) await writeDayCloses(sql, shopId, closing);
    const { closedBy, unrecordedCount } = closing;
    await sql`select from finance.close_month(${legalEntity}, ${firstDay}, ${lastDay}, ${closedBy}, ${unrecordedCount})`;
  }
  const [close] = await sql<Close[]>`
    select ${columns(sql)} from finance.closes_in_force
     where legal_entity = ${legalEntity} and kind = 'month' and first_day = ${firstDay}`;
  if (!close) throw new Error(`${legalEntity} ${month}: opened again meanwhile`);
  return close;
}

/** Opens a month of an entity again, and all that was closed after it. The closes stay, and are followed by this. */
export async function reopenMonth(
  sql: Sql,
  { legalEntity, month }: { readonly legalEntity: string; readonly month: string },
  { reopenedBy, reason }: { readonly reopenedBy: string; readonly reason: string },
): Promise<Close | CloseRefusal> {
  return sql.begin(async (transaction) => {
    const tx = transaction as unknown as Sql;
    await tx`select pg_advisory_xact_lock(hashtextextended(${`closes of ${legalEntity}`}, 0))`;
    const may = mayReopen(await standingOf(tx, legalEntity, month));
    if (may !== 'reopen') return may;
    await tx`select pg_advisory_xact_lock(hashtextextended(${`books of ${legalEntity}`}, 0))`;
    const firstDay = firstDayOf(month);
    await tx`
      update finance.closed_through set day = least(day, ${firstDay}::date - 1) where legal_entity = ${legalEntity}`;
    const [made] = await tx<Close[]>`
      select ${columns(tx)} from finance.add_close(jsonb_populate_record(null::finance.closes, ${tx.json({
        legal_entity: legalEntity,
        kind: 'reopening',
        shop_id: '',
        first_day: firstDay,
        last_day: lastDayOf(month),
        closed_by: reopenedBy,
        reason,
        movement_count: 0,
        late_count: 0,
        totals: [],
        rows_hash: '',
      })}))`;
    if (!made) throw new Error('a reopening without a row');
    return made;
  });
}

async function standingOf(sql: Sql, legalEntity: string, month: string): Promise<CloseStanding> {
  const [row] = await sql<CloseStanding[]>`
    select (select min((clock_timestamp() at time zone time_zone)::date)::text from shops
             where legal_entity = ${legalEntity}) as today,
           (select max(to_char(first_day, 'YYYY-MM')) from finance.closes_in_force
             where legal_entity = ${legalEntity} and kind = 'month') as last_closed,
           case when not exists (select from finance.closes where legal_entity = ${legalEntity} and kind = 'month')
                then (select to_char(min(booked_on), 'YYYY-MM') from finance.proven where home_entity = ${legalEntity})
                end as first_booked,
           case when exists (select from finance.closes_in_force
                              where legal_entity = ${legalEntity} and kind = 'month'
                                and first_day = ${firstDayOf(month)}::date) then 'closed' else 'open' end as asked,
           case when exists (select from finance.exported_days
                              where legal_entity = ${legalEntity} and day >= ${firstDayOf(month)}::date)
                then 'exported' else 'not_exported' end as days`;
  if (!row) throw new Error('a query without a row');
  return row;
}

/** The closes of an entity, or of all, the latest first; days left out unless asked for. */
export async function listCloses(
  sql: Sql,
  { legalEntity, days }: { readonly legalEntity?: string | undefined; readonly days: 'left_out' | 'told' },
): Promise<Close[]> {
  return sql<Close[]>`
    select ${columns(sql)} from finance.closes
     where ${legalEntity === undefined ? sql`true` : sql`legal_entity = ${legalEntity}`}
       and ${days === 'told' ? sql`true` : sql`kind <> 'day'`}
     order by number desc limit 500`;
}
