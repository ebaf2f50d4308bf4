import type { Instant } from '../../domain/instants.js';
import type { StaffLogKind } from '../../domain/staff.js';
import type { Sql } from '../connect.js';

export type StaffLogEntry = {
  readonly entryId: number;
  readonly loggedAt: Instant;
  readonly kind: StaffLogKind;
  readonly staffId: string;
  readonly doneBy: string | null;
  readonly shopId: string | null;
  readonly detail: string | null;
};

type NewEntry = Pick<StaffLogEntry, 'kind' | 'staffId'> & Partial<Pick<StaffLogEntry, 'doneBy' | 'shopId' | 'detail'>>;

export async function insertStaffLog(sql: Sql, entry: NewEntry): Promise<void> {
  const { kind, staffId, doneBy = null, shopId = null, detail = null } = entry;
  await sql`
    insert into staff.log (kind, staff_id, done_by, shop_id, detail)
    values (${kind}, ${staffId}, ${doneBy}, ${shopId}, ${detail})`;
}

export type StaffLogPage = {
  readonly staffId?: string | undefined;
  /** The last entry of the page before. */
  readonly before?: number | undefined;
  readonly limit: number;
};

/** The newest first. */
export async function listStaffLog(sql: Sql, { staffId, before, limit }: StaffLogPage): Promise<StaffLogEntry[]> {
  return sql<StaffLogEntry[]>`
    select entry_id, logged_at, kind, staff_id, done_by, shop_id, detail from staff.log
     where true ${staffId === undefined ? sql`` : sql`and staff_id = ${staffId}`}
           ${before === undefined ? sql`` : sql`and entry_id < ${before}`}
     order by entry_id desc limit ${limit}`;
}
