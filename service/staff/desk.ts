import type { Sql } from '../../db/connect.js';
import type { PlainSql } from '../../db/staff/connect.js';
import { createAccountChanges, type AccountChanges } from './accountChanges.js';
import { createAccounts, type Accounts } from './accounts.js';
import { createAsk, createOpening } from './opening.js';
import { createOwnSession, type OwnSession } from './ownSession.js';
import { createPasswordChecks } from './passwordCheck.js';
import { createPasswords } from './passwords.js';
import { createSessions, MOST_SESSIONS } from './sessions.js';
import { createSignIns, type SignIns } from './signIns.js';

/** Where people sign in, and where admins see to their accounts. An outage of Postgres is an error, as everywhere. */
export type StaffDesk = SignIns & OwnSession & Accounts & AccountChanges;

type Parts = {
  readonly sql: Sql;
  /** better-auth's own connections: see `connectPlainly`. */
  readonly plainSql: PlainSql;
  /** Whether browsers come over TLS. */
  readonly secure: boolean;
  readonly now?: () => number;
};

const MOST_WAITING = 100;
/** Of cookies, which anybody may invent: however many come, everybody else is soon answered. */
const UNSEEN_AT_ONCE = 8;

/** Connects to nothing by itself, and needs Postgres only once it is asked something. */
export function createStaffDesk({ sql, plainSql, secure, now = Date.now }: Parts): StaffDesk {
  const open = createOpening({ sql, plainSql, secure });
  const ask = createAsk(open, MOST_WAITING);
  const passwords = createPasswords(open, sql);
  const sessions = createSessions({
    sql,
    askUnseen: createAsk(open, MOST_WAITING, UNSEEN_AT_ONCE),
    askSeen: createAsk(open, MOST_SESSIONS),
    secure,
    now,
  });
  const { check, checkChange } = createPasswordChecks({ sql, ask, passwords, now });
  return {
    ...createSignIns({ sql, ask, check, now }),
    ...createOwnSession({ sql, ask, sessions, checkChange, passwords }),
    ...createAccounts({ sql, ask, passwords, now }),
    ...createAccountChanges({ sql, ask, sessions, passwords }),
  };
}
