import type { Sql } from '../db/connect.js';
import { listShops } from '../db/shops.js';
import { Failure } from '../runtime/failure.js';
import { OPERATOR, withDesk } from './staffDesk.js';

/** The account there is when nobody has added one. */
export const FIRST_ADMIN = 'admin';

/** Sees to it that somebody can sign in: returns the first admin's password, to be shown, when there was no account. */
export async function ensureFirstAdmin(sql: Sql, databaseUrl: string): Promise<string | undefined> {
  return withDesk(databaseUrl, async (desk) => {
    if ((await desk.list()).length > 0) return undefined;
    const shopIds = (await listShops(sql)).map(({ shopId }) => shopId);
    const added = await desk.add(OPERATOR, { staffId: FIRST_ADMIN, name: 'Admin', staffRole: 'admin', shopIds });
    if (added.outcome !== 'added') throw new Failure('The first account could not be made: "npm run staff" makes one.');
    return added.password;
  });
}
