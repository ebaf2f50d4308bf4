import {
  DAY_CLOSES_AFTER_HOURS,
  firstDayOf,
  lastDayOf,
  mayClose,
  type CloseRefusal,
  type MonthOf,
  type MonthToClose,
} from '../../domain/finance/closing.js';
import type { Instant } from '../../domain/instants.js';
import type { Sql } from '../connect.js';
import { closeColumns, findCloseOf, type Close, type Closing, type OnClosed } from './closes.js';
import { standingOf } from './closeStanding.js';
import { lockBooks, lockCloses } from './locks.js';

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
       and not ${isOpenedAgain(sql, sql`s.legal_entity`)}
     order by s.legal_entity, s.shop_id`;
}

/** Whether a month of it was opened again, and none was closed since. */
const isOpenedAgain = (sql: Sql, legalEntity: ReturnType<Sql>) => sql`
  exists (select from finance.closes r
           where r.legal_entity = ${legalEntity} and r.kind = 'reopening'
             and not exists (select from finance.closes m
                              where m.legal_entity = r.legal_entity and m.kind = 'month' and m.position > r.position))`;

/**
 * From now on nothing is booked on days of this shop until this one. Whoever records is waited for, for a moment. Where
 * a month was opened again meanwhile, days stay open.
 */
export async function shutDays(sql: Sql, legalEntity: string, shopId: string, day: string): Promise<void> {
  await patiently(sql, async (tx) => {
    await lockCloses(tx, legalEntity);
    await lockBooks(tx, legalEntity);
    await tx`
      insert into finance.closed_through (legal_entity, shop_id, day)
      select ${legalEntity}, ${shopId}, ${day}::date where not ${isOpenedAgain(tx, tx`${legalEntity}`)}
      on conflict (legal_entity, shop_id) do update set day = greatest(closed_through.day, excluded.day)`;
  });
}

/** The same for all that an entity does and owes, in whatever shop, if the month may be closed still. */
async function shutMonth(sql: Sql, wish: MonthWish): Promise<MayBecome> {
  return patiently(sql, async (tx) => {
    const { legalEntity, month } = wish;
    await lockCloses(tx, legalEntity);
    const { becomes } = await lookAtMonth(tx, wish);
    if (becomes !== 'close') return becomes;
    await lockBooks(tx, legalEntity);
    const day = lastDayOf(month);
    await tx`
      insert into finance.closed_through (legal_entity, shop_id, day)
      select ${legalEntity}, shop_id, ${day}::date from shops where legal_entity = ${legalEntity}
      union all select ${legalEntity}, '', ${day}::date
      on conflict (legal_entity, shop_id) do update set day = greatest(closed_through.day, excluded.day)`;
    return becomes;
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
  onClosed: OnClosed = () => undefined,
): Promise<Close[]> {
  const written: Close[] = [];
  for (;;) {
    const some = await patiently(
      sql,
      (tx) => tx<Close[]>`
        select ${closeColumns(tx)} from finance.close_days(${shopId}, ${closedBy}, ${unrecordedCount}, ${AT_ONCE})`,
    );
    for (const close of some) onClosed(close);
    written.push(...some);
    if (some.length < AT_ONCE) return written;
  }
}

/** A month, and, where it was asked for over a wire, under which request and after which close. */
export type MonthWish = MonthOf & Partial<Pick<MonthToClose, 'requestId' | 'seenPosition'>>;

/** It may be closed; or it became what it was when it was closed; or it may not be. */
type MayBecome = 'close' | Close | CloseRefusal;

/** What may become of a month now: a close of this very request, or one that is in force, is told as it was. */
export async function lookAtMonth(
  sql: Sql,
  { legalEntity, month, requestId, seenPosition }: MonthWish,
): Promise<{ readonly becomes: MayBecome; readonly newestPosition: number }> {
  const standing = await standingOf(sql, legalEntity, month);
  const { newestPosition } = standing;
  const made = requestId === undefined ? undefined : await findCloseOf(sql, requestId);
  if (made) return { becomes: made, newestPosition };
  const may = mayClose(month, standing, seenPosition);
  if (may !== 'closed_before') return { becomes: may, newestPosition };
  const [close] = await sql<Close[]>`
    select ${closeColumns(sql)} from finance.closes_in_force
     where legal_entity = ${legalEntity} and kind = 'month' and first_day = ${firstDayOf(month)}::date`;
  return { becomes: close ?? { code: 'month_opened_again' }, newestPosition };
}

/**
 * Closes a month of an entity, with the days of its shops that are open still. Asked again, it tells what it was.
 * Whoever else closes or opens again meanwhile is first, or waits: what may be closed is looked at before each step.
 */
export async function closeMonth(
  sql: Sql,
  wish: MonthWish,
  closing: Closing,
  onClosed: OnClosed = () => undefined,
): Promise<Close | CloseRefusal> {
  const { legalEntity } = wish;
  const shut = await shutMonth(sql, wish);
  if (shut !== 'close') return shut;
  const shops = await sql<{ shopId: string }[]>`
    select shop_id from shops where legal_entity = ${legalEntity} order by shop_id`;
  for (const { shopId } of shops) await writeDayCloses(sql, shopId, closing, onClosed);
  const { told, made } = await writeMonthClose(sql, wish, closing);
  if (made === 'now') onClosed(told);
  return told;
}

type Written =
  { readonly made: 'now'; readonly told: Close } | { readonly made: 'before'; readonly told: Close | CloseRefusal };

async function writeMonthClose(sql: Sql, wish: MonthWish, { closedBy, unrecordedCount }: Closing): Promise<Written> {
  return patiently(sql, async (tx) => {
    const { legalEntity, month, requestId = null } = wish;
    await lockCloses(tx, legalEntity);
    const { becomes } = await lookAtMonth(tx, wish);
    if (becomes !== 'close') return { made: 'before', told: becomes };
    const [told] = await tx<Close[]>`
      select ${closeColumns(tx)}
        from finance.close_month(${legalEntity}, ${firstDayOf(month)}, ${lastDayOf(month)}, ${closedBy},
                                 ${unrecordedCount}, ${requestId})`;
    if (!told) throw new Error('a close without a row');
    return { made: 'now', told };
  });
}
