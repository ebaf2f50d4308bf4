import { randomUUID } from 'node:crypto';
import type { Sql } from '../../db/connect.js';
import { setPasswordHash } from '../../db/staff/credentials.js';
import { insertStaffLog } from '../../db/staff/log.js';
import { lockAdmins, lockMember, setDisabled, setStaffRole, type Member } from '../../db/staff/members.js';
import { areShops, setShopsOf } from '../../db/staff/memberShops.js';
import { deleteSessionsOf } from '../../db/staff/sessions.js';
import { forgetTries } from '../../db/staff/signInAttempts.js';
import { transact } from '../../db/staff/transact.js';
import { isLastAdmin, type StaffRole } from '../../domain/staff.js';
import type { Ask } from './opening.js';
import type { Passwords } from './passwords.js';
import type { Sessions } from './sessions.js';

const PATIENCE_MS = 5_000;

type NoAccount = { readonly outcome: 'no_such_account' };
/** What is so already is changed too, and not logged again. */
export type AccountChanged = { readonly outcome: 'changed' } | NoAccount;
export type ChangedOrLastAdmin = AccountChanged | { readonly outcome: 'last_admin' };
export type ShopsChanged = AccountChanged | { readonly outcome: 'no_such_shop' };
/** The password is told only now. */
export type Reset = { readonly outcome: 'reset'; readonly password: string } | NoAccount;

/** `by` is the admin who does it. Whether somebody is one is the caller's to ask. */
export type AccountChanges = {
  /** Ends their sessions, here at once and elsewhere within the minute. */
  disable(by: string, staffId: string): Promise<ChangedOrLastAdmin>;
  enable(by: string, staffId: string): Promise<AccountChanged>;
  /** A new password in the place of the old one, for each key; ends their sessions, and the lock. */
  reset(by: string, staffId: string, key?: string): Promise<Reset>;
  /** Ends the lock. */
  unlock(by: string, staffId: string): Promise<AccountChanged>;
  setRole(by: string, staffId: string, staffRole: StaffRole): Promise<ChangedOrLastAdmin>;
  /** At least one; who is signed in to another is so no more. */
  setShops(by: string, staffId: string, shopIds: readonly string[]): Promise<ShopsChanged>;
};

type Parts = {
  readonly sql: Sql;
  readonly ask: Ask;
  readonly sessions: Pick<Sessions, 'forget'>;
  readonly passwords: Passwords;
};

const CHANGED = { outcome: 'changed' } as const;

export function createAccountChanges({ sql, ask, sessions, passwords }: Parts): AccountChanges {
  /** In one transaction, with nobody else at this account. */
  async function change<T>(
    staffId: string,
    work: (tx: Sql, member: Member, admins: readonly string[]) => Promise<T>,
  ): Promise<T | NoAccount> {
    const changed = await ask(PATIENCE_MS, () =>
      transact<T | NoAccount>(sql, async (tx) => {
        // First, and in one order, or two changes could wait for each other.
        const admins = await lockAdmins(tx);
        const member = await lockMember(tx, staffId);
        return member ? work(tx, member, admins) : { outcome: 'no_such_account' };
      }),
    );
    sessions.forget(staffId);
    return changed;
  }

  return {
    disable: (by, staffId) =>
      change<ChangedOrLastAdmin>(staffId, async (tx, { disabledAt }, admins) => {
        if (disabledAt !== null) return CHANGED;
        if (isLastAdmin(staffId, admins)) return { outcome: 'last_admin' };
        await setDisabled(tx, staffId, 'disabled');
        await deleteSessionsOf(tx, staffId);
        await insertStaffLog(tx, { kind: 'disabled', staffId, doneBy: by });
        return CHANGED;
      }),

    enable: (by, staffId) =>
      change(staffId, async (tx, { disabledAt }) => {
        if (disabledAt === null) return CHANGED;
        await setDisabled(tx, staffId, 'enabled');
        await insertStaffLog(tx, { kind: 'enabled', staffId, doneBy: by });
        return CHANGED;
      }),

    async reset(by, staffId, key = randomUUID()) {
      const password = await passwords.makeFor([key, staffId]);
      const hash = await passwords.hash(password);
      return change<Reset>(staffId, async (tx) => {
        await setPasswordHash(tx, staffId, hash);
        await deleteSessionsOf(tx, staffId);
        await forgetTries(tx, staffId);
        await insertStaffLog(tx, { kind: 'password_reset', staffId, doneBy: by });
        return { outcome: 'reset', password };
      });
    },

    unlock: (by, staffId) =>
      change(staffId, async (tx) => {
        if (await forgetTries(tx, staffId)) await insertStaffLog(tx, { kind: 'unlocked', staffId, doneBy: by });
        return CHANGED;
      }),

    setRole: (by, staffId, staffRole) =>
      change<ChangedOrLastAdmin>(staffId, async (tx, member, admins) => {
        if (member.staffRole === staffRole) return CHANGED;
        if (isLastAdmin(staffId, admins)) return { outcome: 'last_admin' };
        await setStaffRole(tx, staffId, staffRole);
        await insertStaffLog(tx, { kind: 'role_changed', staffId, doneBy: by, detail: staffRole });
        return CHANGED;
      }),

    setShops: (by, staffId, shopIds) =>
      change<ShopsChanged>(staffId, async (tx) => {
        if (!(await areShops(tx, shopIds))) return { outcome: 'no_such_shop' };
        await setShopsOf(tx, staffId, shopIds);
        await insertStaffLog(tx, { kind: 'shops_changed', staffId, doneBy: by, detail: shopIds.join(', ') });
        return CHANGED;
      }),
  };
}
