import type { StaffRole } from '../../domain/staff.js';
import type { Instant } from '../../domain/instants.js';
import type { Sql } from '../connect.js';

/** Whose a session is, for as long as they may have one. */
export type SessionsMember = {
  readonly staffId: string;
  readonly name: string;
  readonly staffRole: StaffRole;
  readonly shopId: string | null;
};

export type SessionSeen = SessionsMember & { readonly lastUsedAt: Instant };

export async function findSessionsMember(sql: Sql, token: string): Promise<SessionSeen | undefined> {
  const [row] = await sql<SessionSeen[]>`
    select m.id as staff_id, m.name, m.role as staff_role, s.shop_id, s.last_used_at
      from staff.sessions s join staff.members m on m.id = s.user_id
     where s.token = ${token} and m.disabled_at is null`;
  return row;
}

export async function setSessionsShop(sql: Sql, token: string, shopId: string, now: Instant): Promise<void> {
  await sql`update staff.sessions set shop_id = ${shopId}, last_used_at = ${now} where token = ${token}`;
}

export async function setSessionUsed(sql: Sql, token: string, now: Instant): Promise<void> {
  await sql`update staff.sessions set last_used_at = ${now} where token = ${token}`;
}

/** Returns whose it was. */
export async function deleteSession(
  sql: Sql,
  token: string,
): Promise<Pick<SessionsMember, 'staffId' | 'shopId'> | undefined> {
  const [row] = await sql<Pick<SessionsMember, 'staffId' | 'shopId'>[]>`
    delete from staff.sessions where token = ${token} returning user_id as staff_id, shop_id`;
  return row;
}

export async function deleteSessionsOf(sql: Sql, staffId: string, exceptToken = ''): Promise<void> {
  await sql`delete from staff.sessions where user_id = ${staffId} and token <> ${exceptToken}`;
}

export async function deleteEndedSessions(sql: Sql, now: Instant): Promise<void> {
  await sql`delete from staff.sessions where expires_at <= ${now}`;
}
