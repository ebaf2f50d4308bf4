import { randomUUID } from 'node:crypto';
import type { Sql } from '../../db/connect.js';
import { setPasswordHash } from '../../db/staff/credentials.js';
import { insertStaffLog, listStaffLog, type StaffLogEntry, type StaffLogPage } from '../../db/staff/log.js';
import { insertMember, listMembers, type Member } from '../../db/staff/members.js';
import { areShops, setShopsOf } from '../../db/staff/memberShops.js';
import { transact } from '../../db/staff/transact.js';
import type { Instant } from '../../domain/instants.js';
import { isPersonsName, isUsername, lockedUntil } from '../../domain/staff.js';
import type { Ask } from './opening.js';
import type { Passwords } from './passwords.js';

const PATIENCE_MS = 5_000;

export type Account = Member & {
  readonly shopIds: readonly string[];
  readonly lockedUntil: Instant | undefined;
  readonly lastSignedInAt: Instant | null;
};

export type NewAccount = Pick<Member, 'staffId' | 'name' | 'staffRole'> & { readonly shopIds: readonly string[] };

export type Added =
  /** The password is told only now. */
  | { readonly outcome: 'added'; readonly password: string }
  | { readonly outcome: 'unusable_username' | 'unusable_name' | 'username_taken' | 'no_such_shop' };

export type Accounts = {
  list(): Promise<Account[]>;
  /** What was done about accounts, and with them; the newest first. */
  log(page: StaffLogPage): Promise<StaffLogEntry[]>;
  /**
   * With at least one shop. `by` is the admin who does it; whether somebody is one is the caller's to ask. Asked again
   * under its key, it is answered as before, until somebody has changed the password.
   */
  add(by: string, account: NewAccount, key?: string): Promise<Added>;
};

type Parts = { readonly sql: Sql; readonly ask: Ask; readonly passwords: Passwords; readonly now: () => number };

export function createAccounts({ sql, ask, passwords, now }: Parts): Accounts {
  return {
    list: () =>
      ask(PATIENCE_MS, async () => {
        const members = await listMembers(sql);
        return members.map(({ tries, lastTriedAt, ...member }) => {
          const tried = tries === null || lastTriedAt === null ? undefined : { tries, lastTriedAt };
          return { ...member, lockedUntil: tried && lockedUntil(tried, now()) };
        });
      }),

    log: (page) => ask(PATIENCE_MS, () => listStaffLog(sql, page)),

    async add(by, { staffId, name, staffRole, shopIds }, key = randomUUID()) {
      if (!isUsername(staffId)) return { outcome: 'unusable_username' };
      if (!isPersonsName(name)) return { outcome: 'unusable_name' };
      const password = await passwords.makeFor([key, staffId, name, staffRole, ...shopIds]);
      const hash = await passwords.hash(password);
      const added = await ask(PATIENCE_MS, () =>
        transact<Added>(sql, async (tx) => {
          if (!(await areShops(tx, shopIds))) return { outcome: 'no_such_shop' };
          if (!(await insertMember(tx, { staffId, name, staffRole }))) return { outcome: 'username_taken' };
          await setPasswordHash(tx, staffId, hash);
          await setShopsOf(tx, staffId, shopIds);
          const detail = `${staffRole} in ${shopIds.join(', ')}`;
          await insertStaffLog(tx, { kind: 'added', staffId, doneBy: by, detail });
          return { outcome: 'added', password };
        }),
      );
      const isBefore = added.outcome === 'username_taken' && (await passwords.isOf(staffId, password));
      return isBefore ? { outcome: 'added', password } : added;
    },
  };
}
