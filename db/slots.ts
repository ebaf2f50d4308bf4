import { RecordsUnavailable, within } from './outage.js';

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
    if (taken >= most) throw new RecordsUnavailable('too many wait for Postgres');
    taken += 1;
    return within(
      patienceMs,
      ask().finally(() => (taken -= 1)),
    );
  };
}

/** Several questions as one, which has ended when the last has, even where one has failed. */
export async function together<T extends readonly unknown[]>(asked: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(asked);
  return Promise.all(asked);
}
