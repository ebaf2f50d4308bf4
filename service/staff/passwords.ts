import { randomInt } from 'node:crypto';
import { isAPIError } from 'better-auth/api';
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
};

export function createPasswords(open: () => Promise<Opened>): Passwords {
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

  return { begin, hash };
}

/** None that is taken for another, read out or written down. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz';
const GROUPS = 4;
const GROUP_LENGTH = 4;

/** `kwtm-zrad-…`: 72 random bits, to be typed from a sheet of paper. */
export function makePassword(): string {
  const letter = () => LETTERS.charAt(randomInt(LETTERS.length));
  const group = () => Array.from({ length: GROUP_LENGTH }, letter).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}
