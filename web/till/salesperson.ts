import { salespeopleOf } from '../../db/staff/salespeople.js';
import { isRecordsOutage, within } from '../../db/outage.js';
import type { Shop } from '../../domain/shop.js';
import { usernameOf } from '../../domain/staff.js';
import type { Parts } from '../../service/parts.js';

const PATIENCE_MS = 1_000;

/** Somebody of this shop as the books name them; while the books are away it is whoever was typed. */
export async function salespersonOf(
  { sql }: Pick<Parts, 'sql'>,
  { shopId }: Shop,
  typed: string,
): Promise<{ readonly staffId: string } | 'unknown'> {
  const staffId = usernameOf(typed);
  try {
    const people = await within(PATIENCE_MS, salespeopleOf(sql, shopId));
    return people.some((each) => each.staffId === staffId) ? { staffId } : 'unknown';
  } catch (error) {
    if (isRecordsOutage(error)) return { staffId };
    throw error;
  }
}
