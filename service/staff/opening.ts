import type { Sql } from '../../db/connect.js';
import { isRecordsOutage } from '../../db/outage.js';
import { createSlots, inTurns } from '../../db/slots.js';
import type { PlainSql } from '../../db/staff/connect.js';
import { readSecret } from '../../db/staff/secrets.js';
import { createAuth, type Auth } from './auth.js';

export type Opened = { readonly auth: Auth; readonly secret: string };

type Given = { readonly sql: Sql; readonly plainSql: PlainSql; readonly secure: boolean };

/** better-auth needs the secret, and that is in Postgres: it is read with the first question that Postgres answers. */
export function createOpening({ sql, plainSql, secure }: Given): () => Promise<Opened> {
  let opening: Promise<Opened> | undefined;
  return () => {
    opening ??= readSecret(sql).then(
      (secret) => ({ secret, auth: createAuth({ plainSql, secret, secure }) }),
      (error: unknown) => {
        opening = undefined;
        throw error;
      },
    );
    return opening;
  };
}

/** Asks better-auth or our own tables, and waits so long. @throws an error that `isRecordsOutage` knows */
export type Ask = <T>(patienceMs: number, ask: (opened: Opened) => Promise<T>) => Promise<T>;

/** @param atOnce how many of those who wait are asked for at the same time */
export function createAsk(open: () => Promise<Opened>, mostWaiting: number, atOnce = mostWaiting): Ask {
  const slots = inTurns(createSlots(mostWaiting), atOnce);
  return async (patienceMs, ask) => {
    try {
      return await slots(patienceMs, async () => ask(await open()));
    } catch (error) {
      throw outageIn(error) ?? error;
    }
  };
}

/** better-auth wraps what went wrong with Postgres into an error of its own. */
function outageIn(error: unknown): unknown {
  for (let each = error; each instanceof Error; each = each.cause) if (isRecordsOutage(each)) return each;
  return undefined;
}
