import type { Sql } from '../connect.js';

/** Notes that the books could not take what a payment decided: it cannot tell them itself that it froze for that. */
export async function noteConflict(sql: Sql, reference: string): Promise<void> {
  await sql`
    insert into ledger_conflicts (reference) values (${reference})
    on conflict (reference) do update set last_met_at = clock_timestamp()`;
}

/** Payments that the books contradict still: each tries again within ten minutes. */
export async function referencesInConflict(sql: Sql): Promise<string[]> {
  const rows = await sql<{ reference: string }[]>`
    select reference from ledger_conflicts where last_met_at > clock_timestamp() - interval '20 minutes'`;
  return rows.map(({ reference }) => reference);
}
