import postgres from 'postgres';
import { STATEMENT_MS } from '../connect.js';

/** Gives times as `Date`s, which better-auth compares with the clock; our own `Sql` gives texts. */
export type PlainSql = postgres.Sql;

/** A few connections of its own: nobody waits for a sign-in behind a list. */
export function connectPlainly(databaseUrl: string, { name }: { name: string }): PlainSql {
  return postgres(databaseUrl, {
    max: 3,
    connect_timeout: 5,
    backoff: () => 0.25,
    connection: { application_name: name, statement_timeout: STATEMENT_MS },
    onnotice: () => undefined,
  });
}
