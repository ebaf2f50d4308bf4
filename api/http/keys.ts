import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { findApiKey, noteUseOf, type ApiKey } from '../../db/apiKeys.js';
import type { Sql } from '../../db/connect.js';
import { isRecordsOutage } from '../../db/outage.js';
import { createSharing } from '../../db/sharing.js';
import { createSlots, inTurns } from '../../db/slots.js';
import { standingOf } from '../../domain/keys.js';
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

/** Who a bearer key speaks for. */
export type Keyring = {
  /** Nobody for what is no key, or none that is good. @throws RecordsUnavailable */
  readonly whoHas: (bearer: string) => Promise<Caller | undefined>;
  /** Whether this very key was good here lately: then nobody has to be asked about it. */
  readonly knows: (bearer: string) => boolean;
};

/** How long a key is believed without asking Postgres again: a revoked one lives that much longer. */
const FRESH_MS = 60_000;
/** How long one is good of which Postgres cannot be asked, unless the settings say otherwise. */
const TRUST_MS = 24 * 60 * 60 * 1000;
const PATIENCE_MS = 2_000;
const MOST_KEYS = 10_000;
/** Keys that wait to be asked about and were not seen here before, and uses that are being written down. */
const MOST_UNSEEN = 100;
const MOST_NOTED = 10;
/** So few that those that were seen are soon answered, however many are invented. */
const UNSEEN_AT_ONCE = 8;
/** How often a use is written down, here; Postgres sees to it that all processes together do it no more often. */
const NOTED_EVERY_MS = 60_000;

/** Asked is about a key at most every `FRESH_MS`, whatever came of it. */
type Known = { readonly key: ApiKey; readonly answeredAt: number; askedAt: number };

type Options = { sql: Sql; trustMs?: number; now?: () => number };

/**
 * While Postgres is away, keys that were seen before go on being good. Only an answer of Postgres makes one good for
 * longer, and no throng looks like an outage: all who wait for an answer share one question, so a key that comes a
 * thousand times at once is asked about once; and those that were seen are asked about apart from all that anybody
 * may invent. As many of them may wait as are remembered, so only a Postgres that does not answer can fill that.
 */
export function createKeyring({ sql, trustMs = TRUST_MS, now = Date.now }: Options): Keyring {
  const known = new Map<string, Known>();
  const { sharing } = createSharing<ApiKey | undefined>();
  const notedAt = new Map<string, number>();
  const askingUnseen = inTurns(createSlots(MOST_UNSEEN), UNSEEN_AT_ONCE);
  const askingSeen = createSlots(MOST_KEYS);
  const noting = createSlots(MOST_NOTED);

  return {
    async whoHas(bearer) {
      const keyId = KEY.exec(bearer)?.[1];
      if (keyId === undefined) return undefined;
      const key = await lookUp(keyId);
      if (!key || !opens(key, bearer)) return undefined;
      noteUse(keyId);
      return { keyId, name: key.caller, role: key.role, shop: key.shop };
    },

    knows(bearer) {
      const cached = known.get(KEY.exec(bearer)?.[1] ?? '');
      return cached !== undefined && opens(cached.key, bearer);
    },
  };

  function opens(key: ApiKey, bearer: string): boolean {
    return standingOf(key, now()) === 'good' && timingSafeEqual(key.keyHash, hashKey(bearer));
  }

  async function lookUp(keyId: string): Promise<ApiKey | undefined> {
    const cached = known.get(keyId);
    const isTrusted = cached && now() - cached.answeredAt <= trustMs;
    if (isTrusted && now() - cached.askedAt < FRESH_MS) return cached.key;
    try {
      return await askOnce(keyId);
    } catch (error) {
      if (!isTrusted || !isRecordsOutage(error)) throw error;
      cached.askedAt = now();
      return cached.key;
    }
  }

  function askOnce(keyId: string): Promise<ApiKey | undefined> {
    const asking = known.has(keyId) ? askingSeen : askingUnseen;
    return sharing(
      keyId,
      () => asking(PATIENCE_MS, () => findApiKey(sql, keyId)),
      (key) => remember(keyId, key),
    );
  }

  function remember(keyId: string, key: ApiKey | undefined): void {
    known.delete(keyId);
    if (!key) return;
    if (known.size >= MOST_KEYS) known.clear();
    known.set(keyId, { key, answeredAt: now(), askedAt: now() });
  }

  /** Nobody waits for that, and nothing depends on it. */
  function noteUse(keyId: string): void {
    const before = notedAt.get(keyId);
    if (before !== undefined && now() - before < NOTED_EVERY_MS) return;
    if (notedAt.size >= MOST_KEYS) notedAt.clear();
    notedAt.set(keyId, now());
    noting(PATIENCE_MS, () => noteUseOf(sql, keyId)).catch(() => undefined);
  }
}
