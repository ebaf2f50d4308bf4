import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { askedToAnswer } from '../../db/asker.js';
import { createFairShare, type FairShare } from '../../service/limits/fairShare.js';
import { createFruitless, type Fruitless } from '../../service/limits/fruitless.js';
import { networkOf } from '../../service/limits/network.js';
import { atOnce, type RefusalPause } from '../../service/limits/refusalPause.js';
import {
  CALLS,
  createRateLimit,
  LISTS,
  REFUSED_KEYS,
  type Left,
  type RateLimit,
} from '../../service/limits/rateLimits.js';
import type { RecordedWatch } from '../../service/recordedWatch.js';
import { bearerOf, type Variables } from './access.js';
import type { Keyring } from './keys.js';
import { problem, type ProblemCode } from './problems.js';

type Given = { readonly together: number; readonly refusals: RefusalPause };

/** The bounds of one API process. */
export type Limits = {
  readonly calls: RateLimit;
  readonly lists: RateLimit;
  readonly refusedKeys: RateLimit;
  /** Of all that a caller sends. */
  readonly share: FairShare;
  /** Whose commands are nearly all refused: what the others leave is not for them. */
  readonly fruitless: Fruitless;
  /** Of what it lists and searches, which waits for few connections. */
  readonly listShare: FairShare;
  /** Of what it issues, until that is in the books. */
  readonly issueShare: FairShare;
  /** For which those who were refused wait. */
  readonly refusals: RefusalPause;
};

/** @param together how many requests of all callers are well done at once, by API and workers */
export function createLimits({ together = 8, refusals = atOnce }: Partial<Given> = {}): Limits {
  const fruitless = createFruitless();
  const { isFruitless } = fruitless;
  const share = createFairShare({ alone: 64, inCompany: 2, together, waiting: 200, patienceMs: 5_000, isFruitless });
  const { isInCompany } = share;
  return {
    calls: createRateLimit(CALLS),
    lists: createRateLimit(LISTS),
    refusedKeys: createRateLimit(REFUSED_KEYS),
    share,
    fruitless,
    listShare: createFairShare({ alone: 3, inCompany: 1, waiting: 20, patienceMs: 5_000, isInCompany }),
    issueShare: createFairShare({ alone: 16, inCompany: 1, waiting: 200, patienceMs: 5_000, isInCompany }),
    refusals,
  };
}

/**
 * What every answer passes last: one that refuses too much is kept back for a moment, when no turn and no connection of
 * ours is held for it any more; then each tells what is left.
 */
export function answerInTime({ refusals }: Limits) {
  return createMiddleware<{ Variables: Partial<Variables['Variables']> }>(async (c, next) => {
    const cameAtMs = performance.now();
    await next();
    const isKept = c.res.status === 429 ? await refusals.after(cameAtMs, c.req.raw.signal) : 'waited';
    // Who sends so many at once begins each anew.
    if (isKept === 'no_room') c.res.headers.set('Connection', 'close');
    tell(c.res.headers, c.var.left ?? [], c.var.problem);
  });
}

/** For how long at most a payment that no worker takes has one of its caller's turns to issue. */
const KEPT_MS = 60_000;
/** And a command that is left behind; with the books away no more than this is lost by it. */
const LEFT_BEHIND_MS = 250;

/**
 * Who waits for the record gives its turn on meanwhile. Who does not, and issues, keeps its turn until it is there:
 * else it would leave payments with Temporal faster than workers take them, and a till's command would wait behind all
 * of these. Beside others the same holds of commands, for the little while that these take, if they are many.
 */
export function recordsInTurn(untilRecorded: RecordedWatch, { share, issueShare }: Limits): RecordedWatch {
  const resting = share.resting(untilRecorded);
  return async (awaited, patienceMs) => {
    if (patienceMs > 0) return resting(awaited, patienceMs);
    issueShare.keep(() => untilRecorded(awaited, KEPT_MS));
    share.keepBesideOthers(() => untilRecorded(awaited, LEFT_BEHIND_MS));
    return false;
  };
}

/**
 * Keys of one address that open nothing are counted, those too for which nobody had time to ask; past the bound none is
 * looked at that is not known to be good.
 */
export function boundRefused({ refusedKeys }: Limits, { knows }: Keyring) {
  return createMiddleware<{ Variables: Partial<Variables['Variables']> }>(async (c, next) => {
    const network = networkOf(c.env);
    const spent = await refusedKeys.isSpent(network);
    if (spent !== 'not_spent' && !knows(bearerOf(c) ?? '')) {
      c.set('left', [spent]);
      return problem(c, 'too_many_requests');
    }
    await next();
    if (c.var.caller === undefined) await refusedKeys.count(network);
    return undefined;
  });
}

/**
 * How many requests a caller sends, and how many of them are at work at once. What is looked up for one is taken back
 * when whoever asked has gone, or has heard that there is no answer.
 */
export function boundCalls({ calls, share, fruitless }: Limits) {
  const bounded = bounding(calls, share);
  return createMiddleware<Variables>((c, next) =>
    bounded(c, async () => {
      await askedToAnswer(c.req.raw.signal, next, () => c.res.status >= 500);
      noteOutcome(c, fruitless);
    }),
  );
}

/** Of commands that were looked at: a repeat tells nothing of what its caller does now, nor does what has no answer. */
function noteOutcome(c: Context<Variables>, { note }: Fruitless): void {
  const { status, headers } = c.res;
  if (c.req.header('Idempotency-Key') === undefined || headers.has('Idempotent-Replayed')) return;
  if (status < 300) note(whoOf(c), 'done');
  else if (status !== 429 && status < 500) note(whoOf(c), 'refused');
}

/**
 * The same of lists and searches. Beside others the turn to list rests for as long as it was used, where more wait for
 * it: who lists without a pause would have a core of Postgres' for itself.
 */
export function boundLists({ lists, listShare }: Limits) {
  const bounded = bounding(lists, listShare);
  return createMiddleware<Variables>((c, next) =>
    bounded(c, async () => {
      const begunMs = performance.now();
      await next();
      const usedMs = performance.now() - begunMs;
      listShare.keepBesideOthers(() => pause(usedMs, undefined, { ref: false }));
    }),
  );
}

/** How many payments of a caller are issued at once, each until it is in the books. */
export function boundIssues({ issueShare }: Limits) {
  return createMiddleware<Variables>((c, next) => inTurn(c, issueShare, next));
}

function bounding(rate: RateLimit, share: FairShare) {
  return createMiddleware<Variables>(async (c, next) => {
    const { outcome, standing } = await rate.count(whoOf(c));
    c.set('left', [...(c.var.left ?? []), standing]);
    if (outcome === 'too_many') return problem(c, 'too_many_requests');
    return inTurn(c, share, next);
  });
}

async function inTurn(
  c: Context<Variables>,
  share: FairShare,
  work: () => Promise<void>,
): Promise<Response | undefined> {
  const done = await share.inTurn(whoOf(c), work);
  return done === 'too_many' ? problem(c, 'too_many_requests') : undefined;
}

/** A name in a shop, whatever its keys. */
function whoOf(c: Context<Variables>): string {
  const { shop, name } = c.get('caller');
  return `${shop.shopId}\n${name}`;
}

/** draft-ietf-httpapi-ratelimit-headers-10: the policy, and what is left of it; and until when nothing is. */
function tell(headers: Headers, known: readonly Left[], problem: ProblemCode | undefined): void {
  for (const { quota, left, resetAtMs } of known) {
    headers.append('RateLimit-Policy', `"${quota.name}";q=${quota.most};w=${quota.windowS}`);
    headers.append('RateLimit', `"${quota.name}";r=${left};t=${secondsUntil(resetAtMs)}`);
  }
  const spent = known.filter(({ left }) => left === 0).map(({ resetAtMs }) => resetAtMs);
  if (problem === 'too_many_requests' && spent.length > 0)
    headers.set('Retry-After', String(secondsUntil(Math.max(...spent))));
}

function secondsUntil(atMs: number): number {
  return Math.max(1, Math.ceil((atMs - Date.now()) / 1_000));
}
