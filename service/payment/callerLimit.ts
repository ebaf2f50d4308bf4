import { createRateLimit, type Quota } from '../limits/rateLimits.js';
import type { Who } from '../asking.js';

/** Whether a caller may send these payments one more command each. */
export type CallerLimit = (
  who: Pick<Who, 'caller' | 'shop'>,
  references: readonly string[],
) => Promise<'room' | 'full'>;

/** Half of what a payment takes from all callers together in a day; no till comes near it. */
const QUOTA: Quota = { name: 'one-payment', most: 5_000, windowS: 24 * 60 * 60 };

/**
 * A payment remembers 10,000 commands of a day, and 20,000 ids for good. So that no caller alone closes it to all
 * others, each may send it so many and no more. Each process counts for itself.
 */
export function createCallerLimit(quota = QUOTA): CallerLimit {
  const rate = createRateLimit(quota);
  return async ({ caller, shop }, references) => {
    const counted = await Promise.all(references.map((each) => rate.count(`${shop.shopId}\n${caller}\n${each}`)));
    return counted.some(({ outcome }) => outcome === 'too_many') ? 'full' : 'room';
  };
}
