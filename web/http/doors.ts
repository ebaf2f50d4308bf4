import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import { createMiddleware } from 'hono/factory';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import type { MiddlewareHandler } from 'hono';
import { isLoopback, isOurName } from '../../service/hosts.js';

const MAX_FORM_BYTES = 128 * 1024;

/**
 * What every request of a browser passes first: it has to name this service as its host, so that no other site's name
 * can lead here; a form has to come from our own pages; and a page gets only what is served beside it, no inline script
 * or style.
 * @param publicUrl under which people open the pages, when that is not the machine's loopback address
 */
export function doors(publicUrl: URL | undefined): MiddlewareHandler[] {
  return [
    pictures,
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      // With `no-referrer` browsers send forms with `Origin: null`.
      referrerPolicy: 'same-origin',
      xFrameOptions: 'DENY',
      // Over plain http browsers go by it for this machine's own names alone, and complain of it elsewhere.
      crossOriginOpenerPolicy: publicUrl?.protocol !== 'http:',
      strictTransportSecurity: publicUrl?.protocol === 'https:' ? 'max-age=31536000' : false,
    }),
    ownHost(publicUrl),
    csrf({
      origin: (origin, c) =>
        origin === (publicUrl?.origin ?? new URL(c.req.url).origin) || isSentToItself(origin, c.req.url),
    }),
    bodyLimit({ maxSize: MAX_FORM_BYTES }),
    notKept,
  ];
}

/** A picture is a document of its own, with nothing in it but its own style. */
const pictures = createMiddleware(async (c, next) => {
  await next();
  if (c.res.headers.get('Content-Type')?.startsWith('image/svg+xml'))
    c.res.headers.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'");
});

function ownHost(publicUrl: URL | undefined): MiddlewareHandler {
  return createMiddleware(async (c, next) => {
    const { hostname } = new URL(c.req.url);
    if (!isOurName(hostname, publicUrl === undefined ? [] : [publicUrl.hostname])) throw new HTTPException(421);
    await next();
  });
}

/** A form that this machine's own browser sends to itself, beside the public address. */
function isSentToItself(origin: string, url: string): boolean {
  const { origin: own, hostname } = new URL(url);
  return isLoopback(hostname) && origin === own;
}

/** Pages tell of people's money: no browser or proxy keeps them. */
const notKept = createMiddleware(async (c, next) => {
  await next();
  if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store');
});
