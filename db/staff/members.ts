import type { Instant } from '../../domain/instants.js';
import type { StaffRole } from '../../domain/staff.js';
import type { Sql } from '../connect.js';

export type Member = {
  readonly staffId: string;
  readonly name: string;
  readonly staffRole: StaffRole;
  readonly createdAt: Instant;
  readonly disabledAt: Instant | null;
};

const columns = (sql: Sql) => sql`id as staff_id, name, role as staff_role, created_at, disabled_at`;

export async function findMember(sql: Sql, staffId: string): Promise<Member | undefined> {
  const [row] = await sql<Member[]>`select ${columns(sql)} from staff.members where id = ${staffId}`;
  return row;
}

/** Nobody else changes it, or decides by it, before this transaction has ended. */
export async function lockMember(sql: Sql, staffId: string): Promise<Member | undefined> {
  const [row] = await sql<Member[]>`select ${columns(sql)} from staff.members where id = ${staffId} for no key update`;
  return row;
}

export type ListedMember = Member & {
  readonly shopIds: readonly string[];
  readonly tries: number | null;
  readonly lastTriedAt: Instant | null;
  readonly lastSignedInAt: Instant | null;
};

export async function listMembers(sql: Sql): Promise<ListedMember[]> {
  return sql<ListedMember[]>`
    select ${columns(sql)}, tries, last_tried_at,
           array(select shop_id from staff.member_shops where staff_id = m.id order by shop_id) as shop_ids,
           (select max(logged_at) from staff.log where staff_id = m.id and kind = 'signed_in') as last_signed_in_at
      from staff.members m left join staff.sign_in_attempts on tried = m.id
     order by m.disabled_at is not null, m.id`;
}

/** Returns whether it was added: a username is used once. */
export async function insertMember(
  sql: Sql,
  { staffId, name, staffRole }: Pick<Member, 'staffId' | 'name' | 'staffRole'>,
): Promise<boolean> {
  const { count } = await sql`
    insert into staff.members (id, name, role) values (${staffId}, ${name}, ${staffRole}) on conflict do nothing`;
  return count > 0;
}

export async function setDisabled(sql: Sql, staffId: string, disabled: 'disabled' | 'enabled'): Promise<void> {
  const at = disabled === 'disabled' ? sql`clock_timestamp()` : sql`null`;
  await sql`update staff.members set disabled_at = ${at}, updated_at = clock_timestamp() where id = ${staffId}`;
}

export async function setStaffRole(sql: Sql, staffId: string, staffRole: StaffRole): Promise<void> {
  await sql`update staff.members set role = ${staffRole}, updated_at = clock_timestamp() where id = ${staffId}`;
}

/** Those who can let others in; locked, so that two do not remove each other at once. */
export async function lockAdmins(sql: Sql): Promise<string[]> {
  const rows = await sql<{ staffId: string }[]>`
    select id as staff_id from staff.members where role = 'admin' and disabled_at is null order by id for no key update`;
  return rows.map(({ staffId }) => staffId);
}
