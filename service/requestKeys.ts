import { isRecordsOutage, whileAway, within } from '../db/outage.js';
import { isRegistered, registerKey, type RegisteredKey, type RequestKey } from '../db/requestKeys.js';
import type { Sql } from '../db/connect.js';
import { createSlots } from '../db/slots.js';

/** What is known of a key: it means this request, it means another one, or Postgres cannot tell now. */
export type Registration =
  ({ readonly standing: 'ours' | 'another' } & Omit<RegisteredKey, 'requestHash'>) | { readonly standing: 'unknown' };

/** Tills go on without the books; what a law may have a word on waits for them, for they alone know of a refusal. */
export type Waiting = 'briefly' | 'patiently';

export type RequestKeys = (key: RequestKey, waiting?: Waiting) => Promise<Registration>;

const PATIENCE_MS = 250;
const LONG_PATIENCE_MS = 2_000;
const MOST_WAITING = 1_000;
/** How long Postgres is taken to be away after it did not answer. */
const AWAY_MS = 1_000;

/**
 * Holds every key to its first request. While Postgres is away only the actors' own memory tells keys apart: tills go
 * on spending, and the recorder adds the keys later.
 */
export function createRequestKeys({
  sql,
  now = Date.now,
  patienceMs = PATIENCE_MS,
}: {
  sql: Sql;
  now?: () => number;
  patienceMs?: number;
}): RequestKeys {
  const asking = createSlots(MOST_WAITING);
  let awayUntilMs = 0;
  const patience = { briefly: patienceMs, patiently: Math.max(patienceMs, LONG_PATIENCE_MS) };
  return async (key, waiting = 'briefly') => {
    if (waiting === 'briefly' && now() < awayUntilMs) return { standing: 'unknown' };
    try {
      const { requestHash, ...found } = await asking(patience[waiting], () => registerKey(sql, key));
      return { standing: requestHash === key.requestHash ? 'ours' : 'another', ...found };
    } catch (error) {
      if (!isRecordsOutage(error)) throw error;
      awayUntilMs = now() + AWAY_MS;
      return { standing: 'unknown' };
    }
  };
}

const REPEAT_PATIENCE_MS = 2_000;

/** Whether this very request came before, as far as Postgres can tell now. */
export function isRepeat(sql: Sql, request: Pick<RequestKey, 'requestId' | 'requestHash'>): Promise<boolean> {
  return within(REPEAT_PATIENCE_MS, isRegistered(sql, request)).catch(whileAway(false));
}
