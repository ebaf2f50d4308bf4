import type { Sql } from '../connect.js';

/** Puts the hash of a password in the place of the one before. */
export async function setPasswordHash(sql: Sql, staffId: string, passwordHash: string): Promise<void> {
  await sql`
    insert into staff.credentials (id, account_id, provider_id, user_id, password, updated_at)
    values (${staffId}, ${staffId}, 'credential', ${staffId}, ${passwordHash}, clock_timestamp())
        on conflict (user_id) do update set password = excluded.password, updated_at = excluded.updated_at`;
}
