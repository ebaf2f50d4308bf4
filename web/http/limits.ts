import { getCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import { askedToAnswer } from '../../db/asker.js';
import { whileAway } from '../../db/outage.js';
import { createFairShare, type FairShare } from '../../service/limits/fairShare.js';
import { networkOf } from '../../service/limits/network.js';
import {
  createRateLimit,
  FORMS,
  LISTS,
  PASSWORDS,
  REFUSED_KEYS,
  type RateLimit,
} from '../../service/limits/rateLimits.js';
import { sessionCookie } from '../../service/staff/sessions.js';
import type { Checking, PageContext, Variables } from './context.js';
import { TooMany } from './faults.js';
import type { PageParts } from './parts.js';

/** What one person asks for at once, tabs and pictures on a page included. */
const AT_ONCE = 6;
/** Passwords of one person or address that are checked at once: to check one keeps a core busy for long. */
const CHECKED_AT_ONCE = 2;

/** The bounds of one person, whatever their browsers and sessions; and of an address, for whoever is not signed in. */
export type PageLimits = {
  readonly rate: RateLimit;
  readonly forms: RateLimit;
  readonly share: FairShare;
  readonly passwords: RateLimit;
  readonly passwordShare: FairShare;
  /** Cookies that are nobody's. */
  readonly strangers: RateLimit;
};

export function createPageLimits(): PageLimits {
  const share = createFairShare({ alone: AT_ONCE, inCompany: AT_ONCE, waiting: 20, patienceMs: 5_000 });
  const bounds = { alone: CHECKED_AT_ONCE, inCompany: CHECKED_AT_ONCE, waiting: 20, patienceMs: 10_000 };
  return {
    rate: createRateLimit(LISTS),
    forms: createRateLimit(FORMS),
    share,
    passwords: createRateLimit(PASSWORDS),
    passwordShare: createFairShare(bounds),
    strangers: createRateLimit(REFUSED_KEYS),
  };
}

/**
 * Pages read much: one person asks for so many in a time and at once, and what a page asks Postgres for is taken back
 * when whoever asked has gone. Forms, among them those that are looked up while they are typed, are counted apart; one
 * that is sent is carried out to its end, whoever waits for it. Cookies that are nobody's are counted by address, and
 * past that bound it is heard only with those that were seen.
 */
export function boundPages({ publicUrl, desk }: Pick<PageParts, 'publicUrl' | 'desk'>, limits: PageLimits) {
  const { rate, forms, share, strangers } = limits;
  const cookie = sessionCookie(publicUrl?.protocol === 'https:');
  return createMiddleware<Variables>(async (c, next) => {
    if (c.req.path.startsWith('/assets/')) return next();
    const network = networkOf(c.env);
    // Who is not signed in is only sent to sign in, where passwords are bounded.
    if (getCookie(c, cookie) === undefined) {
      c.set('checking', checkingOf(network, limits));
      return next();
    }
    const who = (await whoIn(c)) ?? network;
    c.set('checking', checkingOf(who, limits));
    const isForm = c.req.method !== 'GET';
    const { outcome } = await (isForm ? forms : rate).count(who);
    if (outcome === 'too_many') throw new TooMany();
    if (isForm) return next();
    const answer = () => askedToAnswer(c.req.raw.signal, next, () => c.res.status >= 500);
    if ((await share.inTurn(who, answer)) === 'too_many') throw new TooMany();
    return undefined;
  });

  /** @throws TooMany where too many cookies of this address were nobody's, and this one is not known */
  async function whoIn(c: PageContext): Promise<string | undefined> {
    const { headers } = c.req.raw;
    const seen = desk.seenLately(headers);
    if (seen !== undefined) return nameOf(seen);
    const network = networkOf(c.env);
    if ((await strangers.isSpent(network)) !== 'not_spent') throw new TooMany();
    const staffId = await desk.staffIdOf(headers).catch(whileAway(undefined));
    if (staffId !== undefined) return nameOf(staffId);
    await strangers.count(network);
    return undefined;
  }
}

/** No address has such a name. */
function nameOf(staffId: string): string {
  return `staff:${staffId}`;
}

function checkingOf(who: string, { passwords, passwordShare }: PageLimits): Checking {
  return async (check) => {
    const { outcome } = await passwords.count(who);
    const checked = outcome === 'too_many' ? outcome : await passwordShare.inTurn(who, check);
    if (checked === 'too_many') throw new TooMany();
    return checked;
  };
}
