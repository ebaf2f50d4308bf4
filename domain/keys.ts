import { hasPassed, type Instant } from './instants.js';

/** Who made a key: a person by `npm run keys`, the first start of all, or the setting ADMIN_KEY. */
export const keyOrigins = ['command', 'first_start', 'setting'] as const;
export type KeyOrigin = (typeof keyOrigins)[number];

/** What ends a key: somebody revokes it, the setting that made it names another one, or its time comes. */
export type KeyEnds = {
  readonly revokedAt: Instant | null;
  readonly replacedAt: Instant | null;
  readonly expiresAt: Instant | null;
};

/** What a key is now; only one that is good opens anything. */
export type KeyStanding = 'good' | 'revoked' | 'replaced' | 'expired';

export function standingOf({ revokedAt, replacedAt, expiresAt }: KeyEnds, nowMs: number): KeyStanding {
  if (revokedAt !== null) return 'revoked';
  if (replacedAt !== null) return 'replaced';
  return hasPassed(expiresAt, nowMs) ? 'expired' : 'good';
}
