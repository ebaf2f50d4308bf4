import { noteAttended, type Attendant, type Attended } from '../../db/attention/attended.js';
import {
  frozenPayments,
  lostSignals,
  metConflicts,
  silentPayments,
  ungivenGifts,
  unsettledSales,
  type FrozenPayment,
  type LostSignal,
  type OfShop,
  type UngivenGift,
  type UnsettledSale,
} from '../../db/attention/waiting.js';
import { within } from '../../db/outage.js';
import { waitingDifferences, type OpenDifference } from '../../db/reconciliation/differences.js';
import type { Parts } from '../parts.js';
import { ActorsUnavailable, NO_ACTOR } from '../temporal.js';

/** What cannot settle itself. */
export type Waiting = {
  readonly frozen: readonly FrozenPayment[];
  readonly gifts: readonly UngivenGift[];
  readonly signals: readonly LostSignal[];
  readonly sales: readonly UnsettledSale[];
  /** What books and workflows say differently. */
  readonly differences: readonly OpenDifference[];
  /** References of payments whose workflow is not there. */
  readonly missing: readonly string[];
};

/** What waits for a person, whole or only counted. */
export type Attention = {
  /** @throws RecordsUnavailable */
  readonly list: (shopId: string | null) => Promise<{ readonly shown: Waiting; readonly count: number }>;
  /** How many that are, told anew every few seconds; `undefined` while nobody can say. */
  readonly count: (shopId: string | null) => Promise<number | undefined>;
  /**
   * Takes off the list what a person has settled; said again it stays so.
   * @throws RecordsUnavailable
   */
  readonly settle: (what: Attended, by: Attendant) => Promise<'noted' | 'unknown'>;
};

/** So many of each kind are shown, and so many counted. */
export const MOST_SHOWN = 100;
const MOST_COUNTED = 1_000;
const PATIENCE_MS = 3_000;
/** A page that is about something else waits no longer for a number in its menu. */
const COUNT_PATIENCE_MS = 300;
const GOOD_FOR_MS = 15_000;

/** Whoever looks after a shop is told of that one, an admin (`null`) of all. */
export function createAttention({ sql, actors, now }: Pick<Parts, 'sql' | 'actors' | 'now'>): Attention {
  const counted = new Map<string | null, { readonly atMs: number; readonly count: Promise<number | undefined> }>();

  const look = async (shopId: string | null): Promise<Waiting> => {
    const of: OfShop = { shopId, limit: MOST_COUNTED };
    // Each of these is asked itself.
    const ofAsked: OfShop = { shopId, limit: MOST_SHOWN };
    const asked = Promise.all([
      frozenPayments(sql, of),
      metConflicts(sql, ofAsked),
      ungivenGifts(sql, of),
      lostSignals(sql, of),
      unsettledSales(sql, of),
      silentPayments(sql, ofAsked),
      waitingDifferences(sql, of),
    ]);
    const [frozen, met, gifts, signals, sales, silent, differences] = await within(PATIENCE_MS, asked);
    const inConflict = await only(met, async ({ reference }) => {
      const payment = await heard(actors, reference);
      return typeof payment === 'object' && payment.frozenCauses.includes('conflict');
    });
    const missing = await only(silent, async (reference) => (await heard(actors, reference)) === NO_ACTOR);
    return { frozen: [...inConflict, ...frozen], gifts, signals, sales, differences, missing };
  };

  return {
    async list(shopId) {
      const waiting = await look(shopId);
      const count = countOf(waiting);
      counted.set(shopId, { atMs: now(), count: Promise.resolve(count) });
      return { shown: firstOf(waiting), count };
    },

    async count(shopId) {
      const before = counted.get(shopId);
      const isGood = before !== undefined && now() - before.atMs < GOOD_FOR_MS;
      const count = isGood ? before.count : look(shopId).then(countOf, () => undefined);
      if (!isGood) counted.set(shopId, { atMs: now(), count });
      // What takes longer is there for the next page.
      return within(COUNT_PATIENCE_MS, count).catch(() => undefined);
    },

    settle: (what, by) => within(PATIENCE_MS, noteAttended(sql, what, by)),
  };
}

function firstOf({ frozen, gifts, signals, sales, differences, missing }: Waiting): Waiting {
  const first = <Each>(all: readonly Each[]) => all.slice(0, MOST_SHOWN);
  return {
    frozen: first(frozen),
    gifts: first(gifts),
    signals: first(signals),
    sales: first(sales),
    differences: first(differences),
    missing: first(missing),
  };
}

export function countOf({ frozen, gifts, signals, sales, differences, missing }: Waiting): number {
  return [frozen, gifts, signals, sales, differences, missing].reduce((sum, each) => sum + each.length, 0);
}

/** What a payment says now: one that was in trouble once may have been put right since. */
async function heard(actors: Parts['actors'], reference: string) {
  try {
    return await actors.payment(reference);
  } catch (error) {
    if (error instanceof ActorsUnavailable) return 'unreachable';
    throw error;
  }
}

async function only<Each>(all: readonly Each[], isSo: (each: Each) => Promise<boolean>): Promise<Each[]> {
  const told = await Promise.all(all.map(isSo));
  return all.filter((_, i) => told[i]);
}
