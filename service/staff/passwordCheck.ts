import { createHmac } from 'node:crypto';
import type { Sql } from '../../db/connect.js';
import { insertStaffLog } from '../../db/staff/log.js';
import { findMember, type Member } from '../../db/staff/members.js';
import { deleteSession } from '../../db/staff/sessions.js';
import { findTries, forgetOldTries, forgetTries, raiseTries } from '../../db/staff/signInAttempts.js';
import { instantOf, type Instant } from '../../domain/instants.js';
import { isUsername, LOCK_MS, lockedUntil, MOST_TRIES, usernameOf } from '../../domain/staff.js';
import type { Ask } from './opening.js';
import type { Began, Passwords } from './passwords.js';

const PATIENCE_MS = 5_000;

export type Typed = { readonly username: string; readonly password: string };
export type NotIn = { readonly outcome: 'wrong' } | { readonly outcome: 'locked'; readonly until: Instant };
/** A right password has begun a session, which is nobody's until it has a shop: keep it, or end it. */
export type Right = Began & { readonly outcome: 'right'; readonly member: Member };

/** The password is the new one already: the change was asked for twice. */
export type Already = { readonly outcome: 'already' };

export type PasswordCheck = (typed: Typed) => Promise<Right | NotIn>;
/** Before a password is changed to another. */
export type ChangeCheck = (typed: Typed, next: string) => Promise<Right | NotIn | Already>;

type Parts = { readonly sql: Sql; readonly ask: Ask; readonly passwords: Passwords; readonly now: () => number };

/** Counts first, then checks: of one account no more are checked than the rule says, however they come. */
export function createPasswordChecks({ sql, ask, passwords, now }: Parts): {
  check: PasswordCheck;
  checkChange: ChangeCheck;
} {
  return {
    check: (typed) => run<never>(typed, () => Promise.resolve(undefined)),
    checkChange: (typed, next) =>
      run<Already>(typed, async (staffId) =>
        (await passwords.isOf(staffId, next)) ? { outcome: 'already' } : undefined,
      ),
  };

  /** @param otherwise what else a password that is wrong may come to */
  async function run<Other>(
    { username: typed, password }: Typed,
    otherwise: (staffId: string) => Promise<Other | undefined>,
  ): Promise<Right | NotIn | Other> {
    const meant = usernameOf(typed);
    const username = isUsername(meant) ? meant : undefined;
    const nowMs = now();
    const since = instantOf(nowMs - LOCK_MS);
    const { tried, tries } = await ask(PATIENCE_MS, async ({ secret }) => {
      await forgetOldTries(sql, since);
      const hashed = `#${createHmac('sha256', secret).update(meant).digest('base64url')}`;
      const rule = { now: instantOf(nowMs), since, most: MOST_TRIES };
      return raiseTries(sql, { username: username ?? '', hashed }, rule);
    });
    if (tries === undefined) return { outcome: 'locked', until: await untilOf(tried, nowMs) };
    const began = await passwords.begin(username, password);
    const other = began || username === undefined ? undefined : await otherwise(username);
    return ask(PATIENCE_MS, async () => {
      const member = username === undefined ? undefined : await findMember(sql, username);
      if (began && member && member.disabledAt === null) {
        await forgetTries(sql, tried);
        return { outcome: 'right', member, ...began };
      }
      if (began) await deleteSession(sql, began.token);
      if (other !== undefined && member?.disabledAt === null) {
        await forgetTries(sql, tried);
        return other;
      }
      if (member) await tellWrong(member, tries);
      return { outcome: 'wrong' };
    });
  }

  async function untilOf(tried: string, nowMs: number): Promise<Instant> {
    const found = await ask(PATIENCE_MS, () => findTries(sql, tried));
    return (found && lockedUntil(found, nowMs)) ?? instantOf(nowMs);
  }

  /** At most as many lines as passwords are checked. */
  async function tellWrong({ staffId, disabledAt }: Member, tries: number): Promise<void> {
    const detail = disabledAt === null ? null : 'disabled';
    await insertStaffLog(sql, { kind: 'wrong_password', staffId, detail });
    if (tries === MOST_TRIES) await insertStaffLog(sql, { kind: 'locked', staffId });
  }
}
