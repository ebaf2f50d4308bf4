import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** How many requests may come in how long; each process counts for itself. */
export type Quota = { readonly name: string; readonly most: number; readonly windowS: number };

/** What is left of a quota, and when all of it is there again. */
export type Left = { readonly quota: Quota; readonly left: number; readonly resetAtMs: number };

export type RateLimit = {
  /** Counts one more. @returns what is left; 'none' of it where this one was too many */
  readonly count: (who: string) => Promise<{ readonly outcome: 'fits' | 'too_many'; readonly standing: Left }>;
  /** Whether one more would be too many, without counting it. */
  readonly isSpent: (who: string) => Promise<Left | 'not_spent'>;
};

export function createRateLimit(quota: Quota): RateLimit {
  const { name, most, windowS } = quota;
  const counter = new RateLimiterMemory({ keyPrefix: name, points: most, duration: windowS });
  const leftOf = ({ remainingPoints, msBeforeNext }: RateLimiterRes): Left => ({
    quota,
    left: remainingPoints,
    resetAtMs: Date.now() + msBeforeNext,
  });
  return {
    async count(who) {
      try {
        return { outcome: 'fits', standing: leftOf(await counter.consume(who)) };
      } catch (tooMany) {
        if (tooMany instanceof RateLimiterRes) return { outcome: 'too_many', standing: leftOf(tooMany) };
        throw tooMany;
      }
    },

    async isSpent(who) {
      const counted = await counter.get(who);
      return counted !== null && counted.consumedPoints >= most ? leftOf(counted) : 'not_spent';
    },
  };
}

/** Of one caller: far more than a till sends, and less than would keep the others waiting. */
export const CALLS: Quota = { name: 'calls', most: 2_000, windowS: 10 };
/** Lists and searches, of a caller or of a person at the pages: each may read much. */
export const LISTS: Quota = { name: 'lists', most: 600, windowS: 10 };
/** Passwords that are typed, of a person who is signed in or of an address: to check one takes long on purpose. */
export const PASSWORDS: Quota = { name: 'passwords', most: 60, windowS: 10 };
/** Forms that a person sends, and what is looked up while they type: far more than anybody can type. */
export const FORMS: Quota = { name: 'forms', most: 600, windowS: 10 };
/** Keys that open nothing, of one address; and cookies, apart. */
export const REFUSED_KEYS: Quota = { name: 'refused-keys', most: 100, windowS: 10 };
