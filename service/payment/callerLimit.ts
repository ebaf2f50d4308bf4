import type { Who } from '../asking.js';

/** Whether a caller may send these payments one more command each. A repeat gets its answer all the same. */
export type CallerLimit = (who: Pick<Who, 'caller' | 'shop'>, references: readonly string[]) => 'room' | 'full';

/** Half of what a payment takes from all callers together in a day; no till comes near it. */
const MOST = 5_000;
const WINDOW_MS = 24 * 60 * 60 * 1000;
/** Pairs of a caller and a payment that are counted: whoever invents references fills no memory. */
const COUNTED = 100_000;

type Options = { readonly most?: number; readonly counted?: number; readonly now?: () => number };
type Count = { sent: number; readonly sinceMs: number };

/**
 * A payment remembers 10,000 commands of a day, and 20,000 ids for good. So that no caller alone closes it to all
 * others, each may send it so many and no more. Each process counts for itself, and what was not sent to for the
 * longest time is forgotten first.
 */
export function createCallerLimit({ most = MOST, counted = COUNTED, now = Date.now }: Options = {}): CallerLimit {
  const counts = new Map<string, Count>();
  return ({ caller, shop }, references) => {
    const sent = references.map((reference) => count(`${shop.shopId}\n${caller}\n${reference}`));
    return sent.some((each) => each > most) ? 'full' : 'room';
  };

  function count(pair: string): number {
    const before = counts.get(pair);
    const isCounting = before !== undefined && now() - before.sinceMs < WINDOW_MS;
    const standing = isCounting ? before : { sent: 0, sinceMs: now() };
    standing.sent += 1;
    // Anew, for the Map has the order in which they were put in.
    counts.delete(pair);
    counts.set(pair, standing);
    const [longestAgo] = counts.keys();
    if (counts.size > counted && longestAgo !== undefined) counts.delete(longestAgo);
    return standing.sent;
  }
}
