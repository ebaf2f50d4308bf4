import { PostgresDialect } from 'kysely';
import type { PlainSql } from '../../db/staff/connect.js';

/**
 * Kysely's own dialect, asking through `postgres`. Each query takes whichever connection is free: one that is reserved
 * and then lost, as `kysely-postgres-js` has them, is given back dead and ends the process with the next query. There
 * are no transactions on it; better-auth begins none.
 */
export function createDialect(plainSql: PlainSql): PostgresDialect {
  const client = {
    // The driver's type has an overload for cursors, which nothing here asks for.
    query: async (text: unknown, parameters?: readonly unknown[]) => {
      const rows = await plainSql.unsafe(String(text), [...(parameters ?? [])] as never[], { prepare: true });
      return { command: rows.command as 'SELECT', rowCount: rows.count, rows: [...rows] };
    },
    release: () => undefined,
  };
  return new PostgresDialect({ pool: { connect: async () => Promise.resolve(client as never), end: async () => {} } });
}
