import type { SaleKey } from '../../domain/payment/command.js';
import type { Who } from '../asking.js';

type Caller = Pick<Who, 'caller' | 'shop'>;

/** Commands to payments: so many to each of these. */
export type Sent = { readonly references: readonly string[]; readonly commands: number };

/** How much each caller sends to each payment. */
export type CallerLimit = {
  /** Counts them: full where they are too many for one of these payments. A repeat is answered all the same. */
  readonly count: (who: Caller, sent: Sent) => 'room' | 'full';
  /** Takes back what was counted of payments that are not there. */
  readonly forget: (who: Caller, sent: Sent) => void;
  /** On which payments a sale draws, as far as this caller was told here. */
  readonly drawnBy: (who: Caller, sale: SaleKey) => readonly string[];
  readonly noteDrawn: (who: Caller, sale: SaleKey, references: readonly string[]) => void;
};

/** Half of what a payment takes from all callers together in a day; no till comes near it. */
const MOST = 5_000;
const WINDOW_MS = 24 * 60 * 60 * 1000;
/** Payments and sales of each caller that are remembered: what one caller sends makes no other's count forgotten. */
const COUNTED = 50_000;
const SALES = 5_000;

type Options = { readonly most?: number; readonly counted?: number; readonly now?: () => number };
type Count = { sent: number; readonly sinceMs: number };

/**
 * A payment remembers 10,000 commands of a day, and 20,000 ids for good. So that no caller alone closes it to all
 * others, each may send it so many and no more. Each process counts for itself, and of each caller what was not sent to
 * for the longest time is forgotten first.
 */
export function createCallerLimit({ most = MOST, counted = COUNTED, now = Date.now }: Options = {}): CallerLimit {
  const counts = new Map<string, Map<string, Count>>();
  const drawn = new Map<string, Map<string, readonly string[]>>();

  return {
    count(who, { references, commands }) {
      const ofCaller = entryOf(counts, who);
      const sent = references.map((reference) => raise(ofCaller, reference, commands));
      return sent.some((each) => each > most) ? 'full' : 'room';
    },

    forget(who, { references, commands }) {
      const ofCaller = entryOf(counts, who);
      for (const reference of references) {
        const standing = ofCaller.get(reference);
        if (standing && (standing.sent -= commands) <= 0) ofCaller.delete(reference);
      }
    },

    drawnBy: (who, sale) => entryOf(drawn, who).get(nameOf(sale)) ?? [],

    noteDrawn(who, sale, references) {
      putLast(entryOf(drawn, who), nameOf(sale), references, SALES);
    },
  };

  function raise(ofCaller: Map<string, Count>, reference: string, commands: number): number {
    const before = ofCaller.get(reference);
    const isCounting = before !== undefined && now() - before.sinceMs < WINDOW_MS;
    const standing = isCounting ? before : { sent: 0, sinceMs: now() };
    standing.sent += commands;
    putLast(ofCaller, reference, standing, counted);
    return standing.sent;
  }
}

function entryOf<Kept>(kept: Map<string, Map<string, Kept>>, { caller, shop }: Caller): Map<string, Kept> {
  const name = `${shop.shopId}\n${caller}`;
  const entry = kept.get(name) ?? new Map<string, Kept>();
  kept.set(name, entry);
  return entry;
}

function nameOf({ saleShopId, saleId }: SaleKey): string {
  return `${saleShopId}\n${saleId}`;
}

/** A Map has the order in which things were put in. */
function putLast<Kept>(kept: Map<string, Kept>, name: string, value: Kept, most: number): void {
  kept.delete(name);
  kept.set(name, value);
  const [longestAgo] = kept.keys();
  if (kept.size > most && longestAgo !== undefined) kept.delete(longestAgo);
}
