import { createHmac } from 'node:crypto';
import { isAPIError } from 'better-auth/api';
import type { Sql } from '../../db/connect.js';
import { insertStaffLog } from '../../db/staff/log.js';
import { findMember, type Member } from '../../db/staff/members.js';
import { deleteSession } from '../../db/staff/sessions.js';
import { findTries, forgetOldTries, forgetTries, raiseTries } from '../../db/staff/signInAttempts.js';
import { instantOf, type Instant } from '../../domain/instants.js';
import { isUsername, LOCK_MS, lockedUntil, MOST_PASSWORD_LENGTH, MOST_TRIES, usernameOf } from '../../domain/staff.js';
import type { Auth } from './auth.js';
import type { Ask } from './opening.js';

/** A password takes a while to check, and ten at once take turns. */
const PATIENCE_MS = 5_000;

export type Typed = { readonly username: string; readonly password: string };
export type NotIn = { readonly outcome: 'wrong' } | { readonly outcome: 'locked'; readonly until: Instant };
type Began = { readonly token: string; readonly cookies: readonly string[] };
/** A right password has begun a session, which is nobody's until it has a shop: keep it, or end it. */
export type Right = Began & { readonly outcome: 'right'; readonly member: Member };

export type PasswordCheck = (typed: Typed) => Promise<Right | NotIn>;

/** Counts first, then checks: of one account no more are checked than the rule says, however they come. */
export function createPasswordCheck({ sql, ask, now }: { sql: Sql; ask: Ask; now: () => number }): PasswordCheck {
  return async ({ username: typed, password }) => {
    const username = isUsername(usernameOf(typed)) ? usernameOf(typed) : '';
    const nowMs = now();
    const since = instantOf(nowMs - LOCK_MS);
    const { tried, tries } = await ask(PATIENCE_MS, async ({ secret }) => {
      await forgetOldTries(sql, since);
      const hashed = `#${createHmac('sha256', secret).update(usernameOf(typed)).digest('base64url')}`;
      return raiseTries(sql, { username, hashed }, { now: instantOf(nowMs), since, most: MOST_TRIES });
    });
    if (tries === undefined) return { outcome: 'locked', until: await untilOf(tried, nowMs) };
    return ask(PATIENCE_MS, async ({ auth }) => {
      const began = await begin(auth, username, password);
      const member = username === '' ? undefined : await findMember(sql, username);
      if (began && member && member.disabledAt === null) {
        await forgetTries(sql, tried);
        return { outcome: 'right', member, ...began };
      }
      if (began) await deleteSession(sql, began.token);
      if (member) await tellWrong(member, tries);
      return { outcome: 'wrong' };
    });
  };

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

/** Hashes once whatever was typed, so that nothing is learnt from how long it takes. */
async function begin(auth: Auth, username: string, password: string): Promise<Began | undefined> {
  if (username === '' || password === '' || password.length > MOST_PASSWORD_LENGTH) {
    await (await auth.$context).password.hash(password.slice(0, MOST_PASSWORD_LENGTH));
    return undefined;
  }
  try {
    const { headers, response } = await auth.api.signInUsername({ body: { username, password }, returnHeaders: true });
    return { token: response.token, cookies: headers.getSetCookie() };
  } catch (error) {
    if (isAPIError(error) && error.status === 'UNAUTHORIZED') return undefined;
    throw error;
  }
}
