import { connect, disconnect } from '../db/connect.js';
import { connectPlainly } from '../db/staff/connect.js';
import { createStaffDesk, type StaffDesk } from '../service/staff/desk.js';

/** Who it was, in the log of the accounts: somebody who works on the server. */
export const OPERATOR = 'operator';

/** A desk for one piece of work; no browser comes to it. */
export async function withDesk<T>(databaseUrl: string, work: (desk: StaffDesk) => Promise<T>): Promise<T> {
  const name = 'account-payments-staff';
  const sql = connect(databaseUrl, { name, connections: 1 });
  const plainSql = connectPlainly(databaseUrl, { name });
  try {
    return await work(createStaffDesk({ sql, plainSql, secure: false }));
  } finally {
    await Promise.all([disconnect(sql), disconnect(plainSql)]);
  }
}
