import {
  DAY_CLOSES_AFTER_HOURS,
  firstDayOf,
  lastDayOf,
  mayClose,
  type CloseRefusal,
} from '../../domain/finance/closing.js';
import type { Instant } from '../../domain/instants.js';
import type { Sql } from '../connect.js';
import { closeColumns, type Close, type Closing } from './closes.js';
import { standingOf } from './closeStanding.js';

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

/** Nobody waits for a close, and nobody records behind it. */
async function patiently<T>(sql: Sql, work: (tx: Sql) => Promise<T>): Promise<T> {
  const done = await sql.begin(async (transaction) => {
    const tx = transaction as unknown as Sql;
    await tx`select set_config('statement_timeout', '10min', true)`;
    return { told: await work(tx) };
  });
  return done.told;
}

/** Writes the closes of a shop's days on which nothing is booked any more, and returns them. */
export async function writeDayCloses(
  sql: Sql,
  shopId: string,
  { closedBy, unrecordedCount }: Closing,
): Promise<Close[]> {
  const written: Close[] = [];
  for (;;) {
    const some = await patiently(
      sql,
      (tx) => tx<Close[]>`
        select ${closeColumns(tx)} from finance.close_days(${shopId}, ${closedBy}, ${unrecordedCount}, ${AT_ONCE})`,
    );
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
    await patiently(
      sql,
      (tx) => tx`
        select from finance.close_month(${legalEntity}, ${firstDay}, ${lastDay}, ${closedBy}, ${unrecordedCount})`,
    );
  }
  const [close] = await sql<Close[]>`
    select ${closeColumns(sql)} from finance.closes_in_force
     where legal_entity = ${legalEntity} and kind = 'month' and first_day = ${firstDay}`;
  if (!close) throw new Error(`${legalEntity} ${month}: opened again meanwhile`);
  return close;
}
