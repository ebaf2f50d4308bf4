import { isAPIError } from 'better-auth/api';
import type { Sql } from '../../db/connect.js';
import { setPasswordHash } from '../../db/staff/credentials.js';
import { insertStaffLog } from '../../db/staff/log.js';
import { deleteSessionsOf } from '../../db/staff/sessions.js';
import { transact } from '../../db/staff/transact.js';
import { isPassword } from '../../domain/staff.js';
import type { Ask } from './opening.js';
import type { ChangeCheck, NotIn } from './passwordCheck.js';
import type { Passwords } from './passwords.js';
import type { Session } from './session.js';
import type { Sessions } from './sessions.js';

const PATIENCE_MS = 5_000;

type SignedOut = { readonly outcome: 'signed_out' };

export type ShopChanged =
  | { readonly outcome: 'changed'; readonly session: Session; readonly cookies: readonly string[] }
  | { readonly outcome: 'not_yours' }
  | SignedOut;

export type PasswordChanged = { readonly outcome: 'changed' } | { readonly outcome: 'unusable' } | SignedOut | NotIn;

export type IdleLocked =
  { readonly outcome: 'in_use' } | { readonly outcome: 'locked'; readonly cookies: readonly string[] };

export type OwnSession = {
  /**
   * Whose request it is; undefined when nobody is signed in, the session has ended, or the person was disabled or works
   * in that shop no more.
   */
  sessionOf(headers: Headers): Promise<Session | undefined>;
  /** Whose session it is, though nobody is there for that: one that was seen here lately, or as the books know. */
  seenLately(headers: Headers): string | undefined;
  staffIdOf(headers: Headers): Promise<string | undefined>;
  /**
   * Signs out whoever has not been there for as long as their shop says. Looking does not count as being there; nobody
   * is signed out while the books cannot say when they were, for nobody could sign in then.
   */
  lockIdle(headers: Headers): Promise<IdleLocked>;
  /** Returns the cookies to send. */
  signOut(headers: Headers): Promise<readonly string[]>;
  changeShop(headers: Headers, shopId: string): Promise<ShopChanged>;
  /** Ends the person's other sessions. */
  changeOwnPassword(
    headers: Headers,
    passwords: { readonly current: string; readonly next: string },
  ): Promise<PasswordChanged>;
};

type Parts = {
  readonly sql: Sql;
  readonly ask: Ask;
  readonly sessions: Sessions;
  readonly checkChange: ChangeCheck;
  readonly passwords: Passwords;
};

export function createOwnSession({ sql, ask, sessions, checkChange, passwords }: Parts): OwnSession {
  /** @returns undefined when the session has ended in the meantime */
  async function renew(token: string, shopId: string): Promise<readonly string[] | undefined> {
    try {
      return await ask(PATIENCE_MS, async ({ auth }) => {
        const { headers } = await auth.api.changeShop({ body: { token, shopId }, returnHeaders: true });
        return headers.getSetCookie();
      });
    } catch (error) {
      if (isAPIError(error) && error.status === 'UNAUTHORIZED') return undefined;
      throw error;
    }
  }

  async function signOut(headers: Headers): Promise<readonly string[]> {
    await sessions.end(headers);
    return ask(PATIENCE_MS, async ({ auth }) => {
      // Without the cookie it only says which ones to forget, and asks nobody.
      const { headers: forgetting } = await auth.api.signOut({ headers: new Headers(), returnHeaders: true });
      return forgetting.getSetCookie();
    });
  }

  return {
    signOut,

    async lockIdle(headers) {
      if ((await sessions.standingOf(headers)) === 'in_use') return { outcome: 'in_use' };
      return { outcome: 'locked', cookies: await signOut(headers) };
    },

    seenLately: sessions.remembered,
    staffIdOf: sessions.staffIdOf,

    sessionOf: async (headers) => (await sessions.find(headers))?.session,

    async changeShop(headers, shopId) {
      const found = await sessions.find(headers);
      if (!found) return { outcome: 'signed_out' };
      const shop = found.session.shops.find((each) => each.shopId === shopId);
      if (!shop) return { outcome: 'not_yours' };
      const cookies = await renew(found.token, shopId);
      sessions.forget(found.session.staffId);
      if (!cookies) return { outcome: 'signed_out' };
      return { outcome: 'changed', session: { ...found.session, shop }, cookies };
    },

    async changeOwnPassword(headers, { current, next }) {
      const found = await sessions.find(headers);
      if (!found) return { outcome: 'signed_out' };
      if (!isPassword(next)) return { outcome: 'unusable' };
      const { staffId } = found.session;
      const checked = await checkChange({ username: staffId, password: current }, next);
      if (checked.outcome === 'already') return { outcome: 'changed' };
      if (checked.outcome !== 'right') return checked;
      const hash = await passwords.hash(next);
      await ask(PATIENCE_MS, () =>
        transact(sql, async (tx) => {
          await setPasswordHash(tx, staffId, hash);
          await deleteSessionsOf(tx, staffId, found.token);
          await insertStaffLog(tx, { kind: 'password_changed', staffId, doneBy: staffId });
        }),
      );
      sessions.forget(staffId);
      return { outcome: 'changed' };
    },
  };
}
