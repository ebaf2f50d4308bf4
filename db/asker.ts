import { AsyncLocalStorage } from 'node:async_hooks';
import { setMaxListeners } from 'node:events';

const askers = new AsyncLocalStorage<AbortSignal>();

/**
 * Whatever `work` asks Postgres for is asked for somebody, who may go before the answer is there: `gone` says so. It
 * goes along with the work, however deep, for who asks is no matter of the rules.
 */
export function askedBy<T>(gone: AbortSignal, work: () => T): T {
  // A page asks many things at once.
  setMaxListeners(0, gone);
  return askers.run(gone, work);
}

/**
 * The same of a whole request. When it ends in vain, as after waiting for too long, nobody wants any more what of it is
 * still asked for.
 */
export async function askedToAnswer(
  gone: AbortSignal,
  answer: () => Promise<void>,
  isInVain: () => boolean,
): Promise<void> {
  const over = new AbortController();
  await askedBy(AbortSignal.any([gone, over.signal]), answer);
  if (isInVain()) over.abort();
}

/** Who of now asks, if anybody. */
export function asker(): AbortSignal | undefined {
  return askers.getStore();
}
