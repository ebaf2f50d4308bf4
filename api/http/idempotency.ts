import type { Context } from 'hono';
import { canonicalJson } from '../../domain/payment/command.js';
import { readReference } from '../../domain/reference.js';
import { sha256 } from '../../domain/sha256.js';
import type { Variables } from './access.js';

/** Visible characters, as draft-ietf-httpapi-idempotency-key-header has it; how many is ours. */
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

export type KeyedRequest = {
  /** The hash of the caller's name and key, and the id of the command that the request stands for. */
  readonly requestId: string;
  readonly requestHash: string;
};

/**
 * A request with its key. Two requests are the same when method, address and body are: the body as it was sent, before
 * defaults, so that a later release does not turn a repeat into another request. `undefined` when the key is missing or
 * unusable.
 */
export async function keyedRequestOf(c: Context<Variables>): Promise<KeyedRequest | undefined> {
  const requestId = commandIdOf(c);
  if (requestId === undefined) return undefined;
  const body: unknown = await c.req.json();
  return { requestId, requestHash: sha256(`${c.req.method} ${addressOf(c)}\n${canonicalJson(body)}`).slice(0, 22) };
}

/** With a reference in its one form, however it was typed. */
function addressOf(c: Context): string {
  const typed = c.req.param('reference');
  const reference = typed === undefined ? undefined : readReference(typed);
  if (reference === undefined) return c.req.path;
  const segments = c.req.path.split('/');
  return segments.map((each) => (decodeURIComponent(each) === typed ? reference : each)).join('/');
}

/**
 * The id of the command that a request stands for: of the caller's name and key, so that two callers' keys never meet
 * and a bearer key may be changed between a request and its repeat. `undefined` when the header is missing or unusable.
 */
export function commandIdOf(c: Context<Variables>): string | undefined {
  const key = c.req.header('Idempotency-Key');
  if (key === undefined || !IDEMPOTENCY_KEY.test(key)) return undefined;
  return sha256(`${c.get('caller').name}\n${key}`);
}

export type Preferences = { readonly async: 'respond-async' | 'answer'; readonly waitMs: number };

const DEFAULT_WAIT_MS = 2_000;

/** RFC 7240: `respond-async` and `wait=<seconds>`; what is not understood is ignored. */
export function preferencesOf(c: Context): Preferences {
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
