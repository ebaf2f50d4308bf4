import { PostgresDialect } from 'kysely';
import { createSlots } from '../../db/slots.js';
import type { PlainSql } from '../../db/staff/connect.js';

const PATIENCE_MS = 5_000;
/** More than those who ask may be at once: only a Postgres that does not answer fills it. */
const MOST_WAITING = 20_000;

/**
 * Kysely's own dialect, asking through `postgres`. Each query takes whichever connection is free: one that is reserved
 * and then lost, as `kysely-postgres-js` has them, is given back dead and ends the process with the next query. There
 * are no transactions on it; better-auth begins none.
 */
export function createDialect(plainSql: PlainSql): PostgresDialect {
  const slots = createSlots(MOST_WAITING);
  const client = {
    // The driver's type has an overload for cursors, which nothing here asks for.
    query: async (text: unknown, parameters: readonly unknown[] = []) => {
      const query = async () => plainSql.unsafe(String(text), [...parameters] as never[], { prepare: true });
      const rows = await slots(PATIENCE_MS, query);
      return { command: rows.command as 'SELECT', rowCount: rows.count, rows: [...rows] };
    },
    release: () => undefined,
  };
  return new PostgresDialect({ pool: { connect: async () => Promise.resolve(client as never), end: async () => {} } });
}
