import { setTimeout as pause } from 'node:timers/promises';
import type { Sql } from '../../db/connect.js';
import { createRandom } from '../finance/random.js';
import { inParallel } from '../../activities/inParallel.js';
import { booksEqualActors, endedInTime } from './check/books.js';
import { heardOf, isOpen } from './check/heard.js';
import type { Books } from './check/history.js';
import { heldBySomebody } from './check/sales.js';
import { readBooks } from './read.js';
import type { Caller } from './http.js';
import { send, type Placed } from './tills.js';

const AT_ONCE = 6;
/** Each order that nobody knows the end of is asked for again so often, with a pause between. */
const MOST_TRIES = 60;
/** Of those that have their answer, so many are asked for once more. */
const MOST_REPEATED = 300;
const RESTS_WITHIN_MS = 90_000;
const PAUSE_MS = 1_000;

/** Asks again for all of which nobody knows what became, until somebody does. */
export async function resolve(orders: readonly Placed[]): Promise<void> {
  const open = orders.filter(isOpen);
  await inParallel(AT_ONCE, open.length, async (i) => {
    const order = open[i] as Placed;
    for (let tries = 0; tries < MOST_TRIES && isOpen(order); tries++) {
      const heard = heardOf(order, await send(order));
      if (heard === 'nothing' || heard === 'unknown') await pause(PAUSE_MS);
    }
  });
}

/** And for some that were answered, which has to be their answer still. */
export async function repeatSome(orders: readonly Placed[], seed: number): Promise<void> {
  const random = createRandom(seed);
  const some = orders.filter(() => random.chance(MOST_REPEATED / Math.max(orders.length, 1)));
  await inParallel(AT_ONCE, some.length, (i) => send(some[i] as Placed));
}

/** What everybody says once nothing changes any more: what was decided last is on its way to the books. */
export async function atRest(sql: Sql, by: Caller, orders: readonly Placed[]): Promise<Books> {
  for (const giveUpAt = Date.now() + RESTS_WITHIN_MS; ;) {
    const books = await readBooks(sql, by, orders);
    if (isAtRest(books) || Date.now() > giveUpAt) return books;
    await pause(PAUSE_MS);
  }
}

/** Whether each payment says what the books say of it, and nobody is letting go of what is held. */
function isAtRest(books: Books): boolean {
  const history = { orders: [], books };
  return [booksEqualActors, heldBySomebody, endedInTime].every((rule) => rule(history).length === 0);
}
