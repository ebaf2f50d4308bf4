import type { Sql } from '../connect.js';

/** Made by the migration, the same for every process. */
export async function readSecret(sql: Sql): Promise<string> {
  const [row] = await sql<{ secret: string }[]>`select secret from staff.secrets`;
  if (!row) throw new Error('staff.secrets is empty');
  return row.secret;
}
