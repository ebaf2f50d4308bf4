import type { Sql } from './connect.js';

/** As whom API and worker work: what it may do is granted by the migrations. */
export const SERVICE_ROLE = 'account_payments_service';

/** Lets the service connect by itself. @param password of letters, digits, - and _ alone, for it stands in the SQL */
export async function letServiceConnect(sql: Sql, password: string): Promise<void> {
  if (!/^[\w-]+$/.test(password)) throw new Error('a password that cannot stand in SQL');
  await sql.unsafe(`alter role ${SERVICE_ROLE} login password '${password}'`);
}
