import { salespeopleOf } from '../../db/staff/salespeople.js';
import { whileAway, within } from '../../db/outage.js';
import type { Shop } from '../../domain/shop.js';
import type { Parts } from '../../service/parts.js';

const PATIENCE_MS = 1_000;

/** Whether the books name this person as somebody of this shop; while they are away, anybody may be. */
export async function maySell({ sql }: Pick<Parts, 'sql'>, { shopId }: Shop, staffId: string): Promise<boolean> {
  const people = await within(PATIENCE_MS, salespeopleOf(sql, shopId)).catch(whileAway('anybody'));
  return people === 'anybody' || people.some((each) => each.staffId === staffId);
}
