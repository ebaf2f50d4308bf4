import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { problem } from './problems.js';

const MOST_BYTES = 128 * 1024;
const counted = bodyLimit({ maxSize: MOST_BYTES, onError: (c) => problem(c, 'payload_too_large') });

/**
 * A body that says how long it is has not to be begun to be read for that: to begin costs more than to read all of it
 * later does, and the server takes no more of it than it said.
 */
export const boundBody = createMiddleware(async (c, next) => {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
  const said = c.req.header('Content-Length');
  if (said === undefined || c.req.header('Transfer-Encoding') !== undefined) return counted(c, next);
  return Number(said) > MOST_BYTES ? problem(c, 'payload_too_large') : next();
});
