import { createMiddleware } from 'hono/factory';

/** HEAD is answered as GET is, and nobody takes what would follow: what that is made from is let go at once. */
export const headAlone = createMiddleware(async (c, next) => {
  await next();
  if (c.req.method === 'HEAD') await c.res.body?.cancel();
});
