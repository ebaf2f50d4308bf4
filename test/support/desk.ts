import { inject } from 'vitest';
import { connect, disconnect, STATEMENT_MS } from '../../db/connect.js';
import { connectPlainly } from '../../db/staff/connect.js';
import type { StaffRole } from '../../domain/staff.js';
import { MAIN_SHOP } from '../../scripts/mainShop.js';
import { createStaffDesk, type StaffDesk } from '../../service/staff/desk.js';
import { createDatabase } from './database.js';

export type OwnDesk = Awaited<ReturnType<typeof openDesk>>;

type Options = { now?: () => number; secure?: boolean; postgresUrl?: string };

/** A desk on a database of its own; `another` is that of another process. */
export async function openDesk({ now = Date.now, secure = false, postgresUrl = inject('postgresUrl') }: Options = {}) {
  const { url, serviceUrl, sql } = await createDatabase(postgresUrl);
  const serviceSql = connect(serviceUrl, { name: 'test-desk', connections: 10, statementMs: STATEMENT_MS });
  const plainSql = connectPlainly(serviceUrl, { name: 'test-desk' });
  const another = () => createStaffDesk({ sql: serviceSql, plainSql, secure, now });
  const close = async () => {
    await Promise.all([plainSql, serviceSql, sql].map(disconnect));
  };
  return { desk: another(), another, sql, plainSql, url, close };
}

/** Adds somebody, and returns the password. */
export async function addPerson(
  desk: StaffDesk,
  staffId: string,
  { staffRole = 'cashier', shopIds = [MAIN_SHOP] }: { staffRole?: StaffRole; shopIds?: readonly string[] } = {},
): Promise<string> {
  const added = await desk.add('tests', { staffId, name: staffId, staffRole, shopIds });
  if (added.outcome !== 'added') throw new Error(`not added: ${added.outcome}`);
  return added.password;
}

/** Signs somebody in, and returns what their browser would send. */
export async function enter(desk: StaffDesk, username: string, password: string, shopId?: string): Promise<Headers> {
  const signedIn = await desk.signIn({ username, password, shopId });
  if (signedIn.outcome !== 'signed_in') throw new Error(`not signed in: ${signedIn.outcome}`);
  return sending(signedIn.cookies);
}

/** The header that a browser makes of the cookies it was given. */
export function sending(cookies: readonly string[]): Headers {
  return new Headers({ cookie: cookies.map((each) => each.split(';')[0]).join('; ') });
}
