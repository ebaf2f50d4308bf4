import type { Context } from 'hono';
import { sha256 } from '../../domain/sha256.js';
import type { Asking } from '../../service/asking.js';
import type { Variables } from './access.js';
import { problem } from './problems.js';
import { hashOfRequest } from './requestHash.js';

/** Visible characters, as draft-ietf-httpapi-idempotency-key-header has it; how many is ours. */
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

/** Answers a request that moves money: it needs a key. */
export async function keyed(
  c: Context<Variables>,
  staffId: string | undefined,
  answer: (asking: Asking) => Promise<Response>,
): Promise<Response> {
  const requestId = requestIdOf(c);
  if (requestId === undefined) return problem(c, 'idempotency_key_required');
  const { name: caller, role, shop } = c.get('caller');
  const { method, path } = c.req;
  const requestHash = hashOfRequest({ method, path, reference: c.req.param('reference'), body: await c.req.json() });
  return answer({ who: { caller, role, shop, staffId }, requestId, requestHash, ...preferencesOf(c) });
}

/**
 * Made of the caller's shop, name and key, so that two callers' keys never meet and a bearer key may be changed between
 * a request and its repeat. `undefined` when the header is missing or unusable.
 */
function requestIdOf(c: Context<Variables>): string | undefined {
  const key = c.req.header('Idempotency-Key');
  if (key === undefined || !IDEMPOTENCY_KEY.test(key)) return undefined;
  const { shop, name } = c.get('caller');
  return sha256(`${shop.shopId}\n${name}\n${key}`);
}

const DEFAULT_WAIT_MS = 2_000;

/** RFC 7240: `respond-async` and `wait=<seconds>`; what is not understood is ignored. */
function preferencesOf(c: Context): Pick<Asking, 'async' | 'waitMs'> {
  const preferences = (c.req.header('Prefer') ?? '')
    .toLowerCase()
    .split(/[,;]/)
    .map((each) => each.trim());
  const wait = preferences
    .map((each) => /^wait *= *"?(\d{1,4})"?$/.exec(each)?.[1])
    .find((seconds) => seconds !== undefined);
  return {
    async: preferences.includes('respond-async') ? 'respond-async' : 'answer',
    waitMs: wait === undefined ? DEFAULT_WAIT_MS : Math.min(Number(wait) * 1_000, 10_000),
  };
}
