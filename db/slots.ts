import { isRecordsOutage, RecordsUnavailable, within } from './outage.js';

/** Nobody asked Postgres, so nothing is known of it. */
class TooManyWait extends RecordsUnavailable {}

/** Asks Postgres something and waits so long for it. @throws RecordsUnavailable */
export type Slots = <T>(patienceMs: number, ask: () => Promise<T>) => Promise<T>;

/**
 * So many may wait for Postgres at once, and whoever comes then is told at once that it is away. A slot is free again
 * only when what was asked has really ended, however long ago the asker gave up: a server that hangs never has more to
 * do than that when it comes back.
 */
export function createSlots(most: number): Slots {
  let taken = 0;
  return async (patienceMs, ask) => {
    if (taken >= most) throw new TooManyWait('too many wait for Postgres');
    taken += 1;
    return within(
      patienceMs,
      ask().finally(() => (taken -= 1)),
    );
  };
}

/** So many ask at the same time; the others wait for their turn, and who gave up by then asks nothing. */
export function inTurns(asking: Slots, atOnce: number): Slots {
  const waiting: (() => void)[] = [];
  let places = atOnce;
  return async (patienceMs, ask) => {
    const over = new AbortController();
    const inTurn = async () => {
      if (places > 0) places -= 1;
      else await new Promise<void>((comes) => waiting.push(comes));
      try {
        over.signal.throwIfAborted();
        return await ask();
      } finally {
        const next = waiting.shift() ?? (() => (places += 1));
        next();
      }
    };
    return asking(patienceMs, inTurn).finally(() => over.abort());
  };
}

/** How long nobody asks after somebody waited in vain, and how long that has to have been. */
type Away = { readonly awayMs: number; readonly provenByMs: number; readonly now?: () => number };

/**
 * Asks, and for a while after it got no answer does not ask again: one who waits in vain finds out for those who come
 * next. A short wait proves nothing: Postgres may only be busy.
 */
export function unlessAway(asking: Slots, { awayMs, provenByMs, now = Date.now }: Away): Slots {
  let awayUntilMs = 0;
  return async (patienceMs, ask) => {
    if (now() < awayUntilMs) throw new RecordsUnavailable('Postgres was away a moment ago');
    try {
      return await asking(patienceMs, ask);
    } catch (error) {
      const isProof = patienceMs >= provenByMs && !(error instanceof TooManyWait);
      if (isRecordsOutage(error) && isProof) awayUntilMs = now() + awayMs;
      throw error;
    }
  };
}

/** Several questions as one, which has ended when the last has, even where one has failed. */
export async function together<T extends readonly unknown[]>(asked: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(asked);
  return Promise.all(asked);
}
