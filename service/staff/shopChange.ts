import { APIError, createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';

/**
 * Goes on in another shop under a new session, which ends when the old one would have: what other processes remember of
 * the old one cannot send anything to the wrong shop.
 */
export function shopChange() {
  return {
    id: 'shop-change',
    endpoints: {
      changeShop: createAuthEndpoint(
        '/change-shop',
        { method: 'POST', body: z.object({ token: z.string(), shopId: z.string() }) },
        async (ctx) => {
          const sessions = ctx.context.internalAdapter;
          const old = await sessions.findSession(ctx.body.token);
          if (!old) throw new APIError('UNAUTHORIZED');
          const carried = { shopId: ctx.body.shopId, expiresAt: old.session.expiresAt };
          const session = await sessions.createSession(old.user.id, false, carried, true);
          await sessions.deleteSession(old.session.token);
          await setSessionCookie(ctx, { session, user: old.user });
          return ctx.json({ token: session.token });
        },
      ),
    },
  };
}
