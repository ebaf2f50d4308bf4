import type { Sql } from '../connect.js';

/** Notes that the books could not take what a payment decided: it cannot tell them itself that it froze for that. */
export async function noteConflict(sql: Sql, reference: string): Promise<void> {
  await sql`
    insert into ledger_conflicts (reference) values (${reference})
    on conflict (reference) do update set last_met_at = clock_timestamp()`;
}
