import type { Sql } from '../../db/connect.js';
import { insertShop } from '../../db/shops.js';
import { copyBooks } from './copyBooks.js';
import { aNewIssue } from './issues.js';
import { begin, movementsOf, type Life } from './life.js';
import { createRandom } from './random.js';
import { live, type Plan } from './stories.js';
import { enterRatesAndCodes } from './ratesAndCodes.js';
import { shops } from './world.js';

/** The calendar year in which all of it happens, a little of its neighbours included, for zones differ. */
export const year = { from: '2025-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' } as const;

export type Wanted = { readonly payments: number; readonly movements: number; readonly seed?: number };
export const A_WHOLE_YEAR: Wanted = { payments: 50_000, movements: 250_000 };

/** So many lives in one transaction. */
const BATCH = 2_000;

/**
 * Fills empty books with a year of three shops, the same whenever it is asked for: each payment lives by the rules of
 * the actors, and what it decided is written with all constraints on. A gift and a return come among every ten.
 * @returns how many there are of both
 */
export async function generateYear(sql: Sql, { payments, movements, seed = 13 }: Wanted) {
  const random = createRandom(seed);
  const [fromMs, toMs] = [Date.parse(year.from), Date.parse(year.to)];
  for (const shop of shops) await insertShop(sql, shop);
  await enterRatesAndCodes(sql);
  let [made, moved] = [0, 0];
  let waiting: Life[] = [];
  let batch: Life[] = [];
  while (made < payments) {
    const atMs = random.whole(fromMs, toMs - 86_400_000);
    const life = waiting.shift() ?? begin(aNewIssue(atMs, random), atMs, toMs, random);
    const wanted = Math.ceil((movements * (made + 1)) / payments) - moved;
    waiting.push(...live(life, { has: kindOf(made), movements: Math.min(Math.max(wanted, 4), MOST) }, random));
    batch.push(life);
    made += 1;
    moved += movementsOf(life);
    if (batch.length < BATCH && made < payments) continue;
    await copyBooks(sql, batch, random);
    batch = [];
  }
  waiting = [];
  await sql`analyze`;
  return { payments: made, movements: moved };
}

/** No life is longer than this, however far the year is behind. */
const MOST = 40;

function kindOf(number: number): Plan['has'] {
  if (number % 10 === 3) return 'a_gift';
  return number % 10 === 7 ? 'a_return' : 'neither';
}
