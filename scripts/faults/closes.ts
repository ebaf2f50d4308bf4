import { setTimeout as pause } from 'node:timers/promises';
import type { Sql } from '../../db/connect.js';
import { shutDays, writeDayCloses } from '../../db/finance/closing.js';
import { verifyCloses } from '../../db/finance/verifyCloses.js';
import { MAIN_SHOP } from '../mainShop.js';

const AGAIN_MS = 1_000;
const MOST_TRIES = 60;

/**
 * Closes the shop's day, whatever is harmed meanwhile. What comes to the books after that is booked on the day after.
 * @param days after today
 */
export async function closeDay(sql: Sql, days: number): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      const [{ legalEntity, day }] = await sql<[{ legalEntity: string; day: string }]>`
        select legal_entity, ((clock_timestamp() at time zone time_zone)::date + ${days}::int)::text as day
          from shops where shop_id = ${MAIN_SHOP}`;
      await shutDays(sql, legalEntity, MAIN_SHOP, day);
      await writeDayCloses(sql, MAIN_SHOP, { closedBy: 'operator', unrecordedCount: null });
      return;
    } catch (error) {
      if (tries === MOST_TRIES) throw error;
      await pause(AGAIN_MS);
    }
  }
}

/** What the closes do not prove, each in a word. */
export async function unproven(sql: Sql): Promise<string[]> {
  const [row] = await sql<[{ closes: number }]>`select count(*)::int as closes from finance.closes`;
  if (row.closes === 0) return ['nothing was closed'];
  return (await verifyCloses(sql)).map((difference) => JSON.stringify(difference));
}
