import type { Sql } from '../../db/connect.js';
import { insertStaffLog } from '../../db/staff/log.js';
import { listShopsOf } from '../../db/staff/memberShops.js';
import { deleteEndedSessions, deleteSession, setSessionsShop } from '../../db/staff/sessions.js';
import { transact } from '../../db/staff/transact.js';
import { instantOf } from '../../domain/instants.js';
import type { Shop } from '../../domain/shop.js';
import type { StaffRole } from '../../domain/staff.js';
import type { Ask } from './opening.js';
import type { NotIn, PasswordCheck, Typed } from './passwordCheck.js';
import type { Session } from './session.js';

const PATIENCE_MS = 5_000;

export type SignedIn =
  /** `cookies` are the values of `Set-Cookie` to send. */
  | { readonly outcome: 'signed_in'; readonly session: Session; readonly cookies: readonly string[] }
  /** None of theirs was named, and there is not just one: nobody is signed in yet. */
  | { readonly outcome: 'choose_shop'; readonly shops: readonly Shop[] }
  | { readonly outcome: 'no_shop' }
  | NotIn;

export type Signed = { readonly outcome: 'signed'; readonly staffId: string; readonly staffRole: StaffRole } | NotIn;

export type SignIns = {
  signIn(typed: Typed & { readonly shopId?: string | undefined }): Promise<SignedIn>;
  /**
   * Somebody's signature for one command in a shop where they work: checked like a sign-in, counted like one, without a
   * session. Whether their role may do it is the caller's to ask.
   */
  sign(typed: Typed, shop: Pick<Shop, 'shopId'>): Promise<Signed>;
};

type Parts = { readonly sql: Sql; readonly ask: Ask; readonly check: PasswordCheck; readonly now: () => number };

export function createSignIns({ sql, ask, check, now }: Parts): SignIns {
  return {
    async signIn({ username, password, shopId }) {
      const checked = await check({ username, password });
      if (checked.outcome !== 'right') return checked;
      const { token, cookies, member } = checked;
      const { staffId, name, staffRole } = member;
      return ask(PATIENCE_MS, async () => {
        const shops = await listShopsOf(sql, staffId);
        const only = shops.length === 1 && shopId === undefined ? shops[0] : undefined;
        const shop = only ?? shops.find((each) => each.shopId === shopId);
        if (!shop) {
          await deleteSession(sql, token);
          return shops.length === 0 ? { outcome: 'no_shop' } : { outcome: 'choose_shop', shops };
        }
        await transact(sql, async (tx) => {
          await deleteEndedSessions(tx, instantOf(now()));
          await setSessionsShop(tx, token, shop.shopId, instantOf(now()));
          await insertStaffLog(tx, { kind: 'signed_in', staffId, doneBy: staffId, shopId: shop.shopId });
        });
        return { outcome: 'signed_in', session: { staffId, name, staffRole, shop, shops }, cookies };
      });
    },

    async sign(typed, { shopId }) {
      const checked = await check(typed);
      if (checked.outcome !== 'right') return checked;
      const { staffId, staffRole } = checked.member;
      return ask(PATIENCE_MS, async () => {
        await deleteSession(sql, checked.token);
        const shops = await listShopsOf(sql, staffId);
        const worksHere = shops.some((each) => each.shopId === shopId);
        return worksHere ? { outcome: 'signed', staffId, staffRole } : { outcome: 'wrong' };
      });
    },
  };
}
