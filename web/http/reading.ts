import { getCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import type { Variables } from './context.js';
import type { Readers } from './reader.js';

export const LANGUAGE_COOKIE = 'language';

/** Tells in which language a page is read, before anybody has signed in too; times are then those of UTC. */
export function reading(readers: Readers) {
  return createMiddleware<Variables>(async (c, next) => {
    const [chosen, accepted] = [getCookie(c, LANGUAGE_COOKIE), c.req.header('Accept-Language')];
    c.set('readerIn', (timeZone) => readers(chosen, accepted, timeZone));
    c.set('reader', readers(chosen, accepted, 'UTC'));
    await next();
  });
}
