import { getCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import { askedBy } from '../../db/asker.js';
import { sha256 } from '../../domain/sha256.js';
import { createFairShare, type FairShare } from '../../service/limits/fairShare.js';
import { createRateLimit, FORMS, LISTS, type RateLimit } from '../../service/limits/rateLimits.js';
import { sessionCookie } from '../../service/staff/sessions.js';
import type { Variables } from './context.js';
import { TooMany } from './faults.js';

/** What one person's browser asks for at once, tabs and pictures on a page included. */
const AT_ONCE = 6;

/** The bounds of one browser. */
export type PageLimits = { readonly rate: RateLimit; readonly forms: RateLimit; readonly share: FairShare };

export function createPageLimits(): PageLimits {
  const share = createFairShare({ alone: AT_ONCE, inCompany: AT_ONCE, waiting: 20, patienceMs: 5_000 });
  return { rate: createRateLimit(LISTS), forms: createRateLimit(FORMS), share };
}

/**
 * Pages read much: one browser asks for so many in a time and at once, and what a page asks Postgres for is taken back
 * when whoever asked has gone. Forms, among them those that are looked up while they are typed, are counted apart; one
 * that is sent is carried out to its end, whoever waits for it.
 */
export function boundPages(publicUrl: URL | undefined, { rate, forms, share }: PageLimits) {
  const cookie = sessionCookie(publicUrl?.protocol === 'https:');
  return createMiddleware<Variables>(async (c, next) => {
    const session = getCookie(c, cookie);
    // Who is not signed in is only sent to sign in, which has bounds of its own.
    if (c.req.path.startsWith('/assets/') || session === undefined) return next();
    const who = sha256(session);
    const isForm = c.req.method !== 'GET';
    const { outcome } = await (isForm ? forms : rate).count(who);
    if (outcome === 'too_many') throw new TooMany();
    if (isForm) return next();
    if ((await share.inTurn(who, () => askedBy(c.req.raw.signal, next))) === 'too_many') throw new TooMany();
    return undefined;
  });
}
