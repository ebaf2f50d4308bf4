import { createHmac } from 'node:crypto';
import { isAPIError } from 'better-auth/api';
import type { Sql } from '../../db/connect.js';
import { findPasswordHash } from '../../db/staff/credentials.js';
import { MOST_PASSWORD_LENGTH } from '../../domain/staff.js';
import { createAsk, type Opened } from './opening.js';

/** Hashing takes long on purpose, and those at once take turns. Postgres is waited for less: see `createDialect`. */
const PATIENCE_MS = 30_000;
const MOST_WAITING = 50;

/** A session that a right password has begun. */
export type Began = { readonly token: string; readonly cookies: readonly string[] };

export type Passwords = {
  /** Hashes once whatever was typed, so that nothing is learnt from how long it takes. */
  begin(username: string | undefined, password: string): Promise<Began | undefined>;
  hash(password: string): Promise<string>;
  /**
   * A new one for whatever is asked: asked again, it is the same one, so that a form that was sent twice can show it.
   */
  makeFor(asked: readonly string[]): Promise<string>;
  /** Whether it is that person's password now. */
  isOf(staffId: string, password: string): Promise<boolean>;
};

export function createPasswords(open: () => Promise<Opened>, sql: Sql): Passwords {
  const ask = createAsk(open, MOST_WAITING);
  const hash = (password: string) =>
    ask(PATIENCE_MS, async ({ auth }) => (await auth.$context).password.hash(password));

  async function begin(username: string | undefined, password: string): Promise<Began | undefined> {
    if (username === undefined || password === '' || password.length > MOST_PASSWORD_LENGTH) {
      await hash(password.slice(0, MOST_PASSWORD_LENGTH));
      return undefined;
    }
    try {
      const { headers, response } = await ask(PATIENCE_MS, ({ auth }) =>
        auth.api.signInUsername({ body: { username, password }, returnHeaders: true }),
      );
      return { token: response.token, cookies: headers.getSetCookie() };
    } catch (error) {
      if (isAPIError(error) && error.status === 'UNAUTHORIZED') return undefined;
      throw error;
    }
  }

  async function isOf(staffId: string, password: string): Promise<boolean> {
    return ask(PATIENCE_MS, async ({ auth }) => {
      const kept = await findPasswordHash(sql, staffId);
      return kept !== undefined && (await auth.$context).password.verify({ hash: kept, password });
    });
  }

  const makeFor = (asked: readonly string[]) =>
    ask(PATIENCE_MS, ({ secret }) => Promise.resolve(makePassword(secret, asked)));

  return { begin, hash, makeFor, isOf };
}

/** None that is taken for another, read out or written down. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz';
const GROUPS = 4;
const GROUP_LENGTH = 4;

/** `kwtm-zrad-…`: 72 bits that nobody knows without the secret, to be typed from a sheet of paper. */
function makePassword(secret: string, asked: readonly string[]): string {
  const digest = createHmac('sha256', secret)
    .update(`password\n${JSON.stringify(asked)}`)
    .digest('hex');
  let bits = BigInt(`0x${digest}`);
  const letter = () => {
    const at = Number(bits % BigInt(LETTERS.length));
    bits /= BigInt(LETTERS.length);
    return LETTERS.charAt(at);
  };
  const group = () => Array.from({ length: GROUP_LENGTH }, letter).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}
