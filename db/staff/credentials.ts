import type { Sql } from '../connect.js';

export async function findPasswordHash(sql: Sql, staffId: string): Promise<string | undefined> {
  const [row] = await sql<{ password: string }[]>`select password from staff.credentials where user_id = ${staffId}`;
  return row?.password;
}

/** Puts the hash of a password in the place of the one before. */
export async function setPasswordHash(sql: Sql, staffId: string, passwordHash: string): Promise<void> {
  await sql`
    insert into staff.credentials (id, account_id, provider_id, user_id, password, updated_at)
    values (${staffId}, ${staffId}, 'credential', ${staffId}, ${passwordHash}, clock_timestamp())
        on conflict (user_id) do update set password = excluded.password, updated_at = excluded.updated_at`;
}
