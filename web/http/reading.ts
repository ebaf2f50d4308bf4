import { getCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import type { Variables } from './context.js';
import { readerOf } from './reader.js';

export const LANGUAGE_COOKIE = 'language';

/** Tells in which language a page is read, before anybody has signed in too; times are then those of UTC. */
export const reading = createMiddleware<Variables>(async (c, next) => {
  c.set('reader', readerOf(getCookie(c, LANGUAGE_COOKIE), c.req.header('Accept-Language'), 'UTC'));
  await next();
});
