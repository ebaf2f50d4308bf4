import type { Sql } from '../../db/connect.js';
import { isRecordsOutage } from '../../db/outage.js';
import { createSharing } from '../../db/sharing.js';
import { insertStaffLog } from '../../db/staff/log.js';
import { listShopsOf } from '../../db/staff/memberShops.js';
import { deleteSession, findSessionsMember, setSessionUsed } from '../../db/staff/sessions.js';
import { transact } from '../../db/staff/transact.js';
import { instantOf } from '../../domain/instants.js';
import type { Auth } from './auth.js';
import type { Ask } from './opening.js';
import type { Session } from './session.js';

/** How long a session is believed without asking again: one that was ended elsewhere lives that much longer. */
const FRESH_MS = 30_000;
const PATIENCE_MS = 2_000;
/** How soon Postgres is told again of a sign-out that it could not hear of. */
const RETRY_MS = 5_000;
/** How many are remembered, and may be asked about again at once: only a Postgres that does not answer fills that. */
export const MOST_SESSIONS = 10_000;

/** How often within an idle time it is written down that somebody was there: another process knows it so exactly. */
const PARTS = 12;

type Found = {
  readonly session: Session;
  readonly token: string;
  readonly endsAtMs: number;
  /** As Postgres knows. */
  readonly usedAtMs: number;
};
type Known = { readonly found: Found; askedAt: number; usedAt: number };

export type Sessions = {
  /** Whoever asks is there; one that was idle for too long has ended. */
  find(headers: Headers): Promise<Found | undefined>;
  /** Whose it is, without being there: `remembered` asks nobody. */
  readonly staffIdOf: (headers: Headers) => Promise<string | undefined>;
  readonly remembered: (headers: Headers) => string | undefined;
  /** Without being there. While nobody can say, it is in use. */
  standingOf(headers: Headers): Promise<'in_use' | 'idle' | 'ended'>;
  /** Ends it here at once, and in Postgres as soon as that is there. */
  end(headers: Headers): Promise<void>;
  /** What is remembered of somebody is asked anew. */
  forget(staffId: string): void;
};

type Parts = {
  readonly sql: Sql;
  /** For sessions that were seen here, apart from all cookies that anybody may invent. */
  readonly askSeen: Ask;
  readonly askUnseen: Ask;
  readonly secure: boolean;
  readonly now: () => number;
};

/** The cookie that holds a session, by whether browsers come over TLS. */
export function sessionCookie(secure: boolean): string {
  return `${secure ? '__Secure-' : ''}staff.session_token`;
}

/**
 * Whose session a cookie is. While Postgres is away, those that were seen here go on, to their end: nobody can sign in
 * then, and sales go on. When it is back they are asked about within `FRESH_MS`. No throng looks like an outage: all
 * who come with one cookie share one question, and those that were seen do not wait behind the others.
 */
export function createSessions({ sql, secure, now, ...asks }: Parts): Sessions {
  const name = sessionCookie(secure);
  const { lookUp, takeUp, endOf } = createLooking({ sql, name, now });
  const known = new Map<string, Known>();
  const asking = createAsking(asks, known);
  const { sharing, askAnew } = createSharing<Found | undefined>();
  /** Signed out here: what was being looked up meanwhile does not bring them back. */
  const ended = new Set<string>();

  async function find(headers: Headers): Promise<Found | undefined> {
    const cookie = cookieOf(headers, name);
    if (cookie === undefined || ended.has(cookie)) return undefined;
    const cached = known.get(cookie);
    const lives = cached && now() < cached.found.endsAtMs;
    if (lives && now() - cached.askedAt < freshMs(cached.found)) return used(cached, now());
    try {
      const found = await askOnce(cookie);
      return ended.has(cookie) ? undefined : found;
    } catch (error) {
      if (!lives || !isRecordsOutage(error)) throw error;
      if (ended.has(cookie)) return undefined;
      cached.askedAt = now();
      return used(cached, now());
    }
  }

  function remembered(headers: Headers): string | undefined {
    const cached = known.get(cookieOf(headers, name) ?? '');
    return cached && now() < cached.found.endsAtMs ? cached.found.session.staffId : undefined;
  }

  async function lookOn(headers: Headers): Promise<Found | undefined> {
    const cookie = cookieOf(headers, name);
    return cookie === undefined || ended.has(cookie) ? undefined : asking(cookie, (auth) => lookUp(auth, cookie));
  }

  const staffIdOf = async (headers: Headers) => (await lookOn(headers))?.session.staffId;

  async function standingOf(headers: Headers): Promise<'in_use' | 'idle' | 'ended'> {
    try {
      const found = await lookOn(headers);
      if (!found) return 'ended';
      return isIdle(found, known.get(cookieOf(headers, name) ?? ''), now()) ? 'idle' : 'in_use';
    } catch (error) {
      if (isRecordsOutage(error)) return 'in_use';
      throw error;
    }
  }

  const askOnce = (cookie: string): Promise<Found | undefined> =>
    sharing(
      cookie,
      () => asking(cookie, (auth) => takeUp(auth, cookie, known.get(cookie))),
      (found) => remember(cookie, found),
    );

  function remember(cookie: string, found: Found | undefined): void {
    known.delete(cookie);
    if (!found || ended.has(cookie)) return;
    if (known.size >= MOST_SESSIONS) known.clear();
    known.set(cookie, { found, askedAt: now(), usedAt: now() });
  }

  async function end(headers: Headers): Promise<void> {
    const cookie = cookieOf(headers, name);
    if (cookie === undefined) return;
    const tell = () => asking(cookie, (auth) => endOf(auth, cookie));
    const told = tell();
    const wasKnown = known.delete(cookie);
    if (ended.size >= MOST_SESSIONS) ended.clear();
    if (wasKnown) ended.add(cookie);
    try {
      await told;
    } catch (error) {
      if (!wasKnown || !isRecordsOutage(error)) throw error;
      later(tell);
    }
  }

  function forget(staffId: string): void {
    for (const [cookie, { found }] of known) if (found.session.staffId === staffId) known.delete(cookie);
    // What is being asked may be answered as it was before.
    askAnew();
  }

  return { find, staffIdOf, remembered, standingOf, end, forget };
}

/** Asks about a cookie: of one that was seen here apart from the others. */
function createAsking({ askSeen, askUnseen }: Pick<Parts, 'askSeen' | 'askUnseen'>, seen: ReadonlyMap<string, Known>) {
  return <T>(cookie: string, question: (auth: Auth) => Promise<T>) =>
    (seen.has(cookie) ? askSeen : askUnseen)(PATIENCE_MS, ({ auth }) => question(auth));
}

/** What Postgres knows of a cookie. */
function createLooking({ sql, name, now }: Pick<Parts, 'sql' | 'now'> & { readonly name: string }) {
  /** Somebody is there; but where nobody was for too long, it has ended. */
  async function takeUp(auth: Auth, cookie: string, cached: Known | undefined): Promise<Found | undefined> {
    const found = await lookUp(auth, cookie);
    if (!found || idleMsOf(found) === undefined) return found;
    if (isIdle(found, cached, now())) {
      await transact(sql, (tx) => endIn(tx, found.token));
      return undefined;
    }
    await setSessionUsed(sql, found.token, instantOf(now()));
    return found;
  }

  async function lookUp(auth: Auth, cookie: string): Promise<Found | undefined> {
    const signed = await signedSession(auth, cookie);
    const member = signed && (await findSessionsMember(sql, signed.token));
    if (!member) return undefined;
    const { shopId, lastUsedAt, ...who } = member;
    const shops = await listShopsOf(sql, who.staffId);
    const shop = shops.find((each) => each.shopId === shopId);
    if (!shop) return undefined;
    const times = { endsAtMs: signed.expiresAt.getTime(), usedAtMs: Date.parse(lastUsedAt) };
    return { session: { ...who, shop, shops }, token: signed.token, ...times };
  }

  /** Only the one cookie is shown: no address, no name of a browser. */
  async function signedSession(auth: Auth, cookie: string) {
    const found = await auth.api.getSession({ headers: new Headers({ cookie: `${name}=${cookie}` }) });
    return found?.session;
  }

  async function endOf(auth: Auth, cookie: string): Promise<void> {
    const session = await signedSession(auth, cookie);
    if (session) await transact(sql, (tx) => endIn(tx, session.token));
  }

  return { lookUp, takeUp, endOf };
}

function used(cached: Known, nowMs: number): Found {
  cached.usedAt = nowMs;
  return cached.found;
}

/** Seen here or elsewhere. */
function isIdle(found: Found, cached: Known | undefined, nowMs: number): boolean {
  const idleMs = idleMsOf(found);
  return idleMs !== undefined && nowMs - Math.max(found.usedAtMs, cached?.usedAt ?? 0) >= idleMs;
}

function idleMsOf({ session: { shop } }: Found): number | undefined {
  return shop.idleLockMinutes === null ? undefined : shop.idleLockMinutes * 60_000;
}

function freshMs(found: Found): number {
  return Math.min(FRESH_MS, (idleMsOf(found) ?? Infinity) / PARTS);
}

/** Tries again until Postgres has heard it. */
function later(tell: () => Promise<void>): void {
  const again = () =>
    void tell().catch((error: unknown) => {
      if (isRecordsOutage(error)) later(tell);
    });
  setTimeout(again, RETRY_MS).unref();
}

async function endIn(tx: Sql, token: string): Promise<void> {
  const ended = await deleteSession(tx, token);
  if (!ended) return;
  await insertStaffLog(tx, { kind: 'signed_out', doneBy: ended.staffId, ...ended });
}

function cookieOf(headers: Headers, name: string): string | undefined {
  const cookies = (headers.get('cookie') ?? '').split(';').map((each) => each.trim());
  return cookies.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
}
