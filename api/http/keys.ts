import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { findApiKey, type ApiKey } from '../../db/apiKeys.js';
import type { Sql } from '../../db/connect.js';
import { isRecordsOutage } from '../../db/outage.js';
import { createSlots } from '../../db/slots.js';
import type { Role } from '../../domain/roles.js';
import type { Shop } from '../../domain/shop.js';

export const KEY = /^ap_([A-Za-z0-9]{8})_[A-Za-z0-9_-]{43}$/;

/** A new key: 256 random bits behind an id that may be shown. */
export function makeKey(): string {
  const keyId = randomBytes(12).toString('base64url').replace(/[-_]/g, 'x').slice(0, 8);
  return `ap_${keyId}_${randomBytes(32).toString('base64url')}`;
}

/** @throws Error when the text is not a key */
export function keyIdOf(key: string): string {
  const keyId = KEY.exec(key)?.[1];
  if (keyId === undefined) throw new Error('This is not a key.');
  return keyId;
}

export function hashKey(key: string): Uint8Array {
  return createHash('sha256').update(key).digest();
}

export type Caller = { readonly keyId: string; readonly name: string; readonly role: Role; readonly shop: Shop };

/** How long a key is believed without asking Postgres again: a revoked one lives that much longer. */
const FRESH_MS = 60_000;
/** How long one is good of which Postgres cannot be asked, unless the settings say otherwise. */
const TRUST_MS = 24 * 60 * 60 * 1000;
const PATIENCE_MS = 2_000;
const MOST_KEYS = 10_000;
const MOST_WAITING = 100;

type Known = { readonly key: ApiKey; readonly answeredAt: number; askedAt: number };

type Options = { sql: Sql; trustMs?: number; now?: () => number };

/** Tells who a bearer key speaks for. While Postgres is away, keys that were seen before go on being good. */
export function createKeyring({ sql, trustMs = TRUST_MS, now = Date.now }: Options) {
  const known = new Map<string, Known>();
  const asking = createSlots(MOST_WAITING);

  return async (bearer: string): Promise<Caller | undefined> => {
    const keyId = KEY.exec(bearer)?.[1];
    if (keyId === undefined) return undefined;
    const key = await lookUp(keyId);
    if (!key || key.revokedAt !== null || !timingSafeEqual(key.keyHash, hashKey(bearer))) return undefined;
    return { keyId, name: key.caller, role: key.role, shop: key.shop };
  };

  async function lookUp(keyId: string): Promise<ApiKey | undefined> {
    const cached = known.get(keyId);
    if (cached && now() - cached.askedAt < FRESH_MS) return cached.key;
    try {
      const key = await asking(PATIENCE_MS, () => findApiKey(sql, keyId));
      known.delete(keyId);
      if (!key) return undefined;
      if (known.size >= MOST_KEYS) known.clear();
      known.set(keyId, { key, answeredAt: now(), askedAt: now() });
      return key;
    } catch (error) {
      // Only an answer of Postgres makes a key good for longer.
      if (!cached || !isRecordsOutage(error) || now() - cached.answeredAt > trustMs) throw error;
      cached.askedAt = now();
      return cached.key;
    }
  }
}
