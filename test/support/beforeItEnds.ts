import { instantOf, type Instant } from '../../domain/instants.js';

type Life = { readonly lifetimeMs: number; readonly expiresAt: Instant };

const LONGEST_MS = 120_000;

/**
 * Prepares something that runs out soon after. Where a slow machine was not done before it ran out, all of it is
 * prepared again, with a longer life: each try needs payments, sales and keys of its own.
 */
export async function beforeItEnds<T>(prepare: (life: Life) => Promise<T>, firstMs = 2_000): Promise<T> {
  for (let lifetimeMs = firstMs; ; lifetimeMs *= 3) {
    const endsAtMs = Date.now() + lifetimeMs;
    const isOver = () => Date.now() >= endsAtMs;
    try {
      const prepared = await prepare({ lifetimeMs, expiresAt: instantOf(endsAtMs) });
      if (!isOver()) return prepared;
    } catch (error) {
      if (!isOver() || lifetimeMs > LONGEST_MS) throw error;
    }
  }
}
