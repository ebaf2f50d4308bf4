import { Hono, type Context } from 'hono';
import type { Attention } from '../../service/attention/attention.js';
import type { Session } from '../../service/staff/session.js';
import type { Reader } from './reader.js';

/** Checks a password when it is this person's turn, or this address'. @throws TooMany */
export type Checking = <T>(check: () => Promise<T>) => Promise<T>;

/** Who reads, and by the clock of which time zone; what waits for a person; and, behind the door, who is signed in. */
export type Variables = {
  Variables: {
    reader: Reader;
    readerIn: (timeZone: string) => Reader;
    attention: Attention;
    session: Session;
    checking: Checking;
  };
};
export type PageContext = Context<Variables>;
export type Pages = Hono<Variables>;

export function createRoutes(): Pages {
  return new Hono<Variables>();
}
