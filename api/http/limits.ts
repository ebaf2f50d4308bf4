import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { askedBy } from '../../db/asker.js';
import { createFairShare, type FairShare } from '../../service/limits/fairShare.js';
import {
  CALLS,
  createRateLimit,
  LISTS,
  REFUSED_KEYS,
  type Left,
  type RateLimit,
} from '../../service/limits/rateLimits.js';
import { bearerOf, type Variables } from './access.js';
import type { Keyring } from './keys.js';
import { problem } from './problems.js';

/** The bounds of one API process. */
export type Limits = {
  readonly calls: RateLimit;
  readonly lists: RateLimit;
  readonly refusedKeys: RateLimit;
  /** Of all that a caller sends. */
  readonly share: FairShare;
  /** Of what it lists and searches, which waits for few connections. */
  readonly listShare: FairShare;
};

export function createLimits(): Limits {
  return {
    calls: createRateLimit(CALLS),
    lists: createRateLimit(LISTS),
    refusedKeys: createRateLimit(REFUSED_KEYS),
    share: createFairShare({ alone: 64, inCompany: 2, waiting: 200, patienceMs: 5_000 }),
    listShare: createFairShare({ alone: 3, inCompany: 3, waiting: 20, patienceMs: 2_000 }),
  };
}

/** Refused keys of one address are counted, and past the bound none is looked at that is not known to be good. */
export function boundRefused({ refusedKeys }: Limits, { knows }: Keyring) {
  return createMiddleware<Variables>(async (c, next) => {
    const network = networkOf(addressOf(c));
    const spent = await refusedKeys.isSpent(network);
    if (spent !== 'not_spent' && !knows(bearerOf(c) ?? '')) return tooMany(c, spent);
    await next();
    if (c.res.status === 401) await refusedKeys.count(network);
    return undefined;
  });
}

/** How many requests a caller sends, and how many of them are at work at once. */
export function boundCalls({ calls, share }: Limits) {
  return bounding(calls, share);
}

/** The same of lists and searches. What a list asks Postgres for is taken back when whoever asked has gone. */
export function boundLists({ lists, listShare }: Limits) {
  return bounding(lists, listShare);
}

function bounding(rate: RateLimit, share: FairShare) {
  return createMiddleware<Variables>(async (c, next) => {
    const { shop, name } = c.get('caller');
    const who = `${shop.shopId}\n${name}`;
    const { outcome, standing } = await rate.count(who);
    tell(c, standing);
    if (outcome === 'too_many') return tooMany(c, standing);
    const done = await share.inTurn(who, () => askedBy(c.req.raw.signal, next));
    return done === 'too_many' ? problem(c, 'too_many_requests') : undefined;
  });
}

/** draft-ietf-httpapi-ratelimit-headers-10: the policy, and what is left of it. */
function tell(c: Context, { quota, left, resetS }: Left): void {
  c.header('RateLimit-Policy', `"${quota.name}";q=${quota.most};w=${quota.windowS}`, { append: true });
  c.header('RateLimit', `"${quota.name}";r=${left};t=${resetS}`, { append: true });
}

function tooMany(c: Context, { resetS }: Left): Response {
  return problem(c, 'too_many_requests', {}, resetS);
}

/** Of the socket; behind a proxy that is the proxy's, for what a header says of it anybody can write. */
function addressOf(c: Context): string {
  return (c.env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress ?? '';
}

/** Whoever has one address of IPv6 has all those of its network. */
function networkOf(address: string): string {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  return v4 ?? address.split(':').slice(0, 4).join(':');
}
