import { every, except } from 'hono/combine';
import { createMiddleware } from 'hono/factory';
import { isOurName } from '../../service/hosts.js';
import { problem } from './problems.js';

/** Probes and collectors call by whatever address they have; what these tell is no secret, or needs a key. */
const BY_ANY_NAME = ['/healthz', '/readyz', '/metrics'];

/** What answers beside the pages, which have doors of their own. */
const OURS = /^\/(v1|docs|openapi\.json|healthz|readyz|metrics)(\/|$)/;

/**
 * What every call of the API passes first: it names this service as its host, so that no other site's name can lead a
 * browser here; and no answer is shown inside another site's page, or taken for what it is not.
 * @param names by which the service is called, beside the machine's own names for itself
 */
export function apiDoors(names: readonly string[]) {
  const knownHost = createMiddleware(async (c, next) =>
    !OURS.test(c.req.path) || isOurName(new URL(c.req.url).hostname, names) ? next() : problem(c, 'unknown_host'),
  );
  return every(headers, except(BY_ANY_NAME, knownHost));
}

const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
};

const headers = createMiddleware(async (c, next) => {
  await next();
  if (!OURS.test(c.req.path)) return;
  for (const [name, value] of Object.entries(HEADERS)) if (!c.res.headers.has(name)) c.res.headers.set(name, value);
});
