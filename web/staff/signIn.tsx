import { createRoutes, type Pages } from '../http/context.js';
import { readForm } from '../http/form.js';
import { ownPath } from '../http/ownPath.js';
import type { PageParts } from '../http/parts.js';
import { enter, showSignIn } from '../http/signInForm.js';

const action = '/sign-in';

/** Signing in and out. */
export function signInRoutes({ desk }: PageParts): Pages {
  return createRoutes()
    .get(action, (c) =>
      showSignIn(c, { values: { to: ownPath(c.req.query('to')) }, errors: {}, shops: [], action }, 200),
    )
    .post(action, async (c) => {
      const values = await readForm(c);
      const entered = await enter(c, desk, values);
      if (entered.outcome === 'entered') return c.redirect(ownPath(values['to']), 303);
      return showSignIn(c, { values: { ...values, to: ownPath(values['to']) }, action, ...entered }, entered.status);
    })
    .post('/sign-out', async (c) => {
      for (const cookie of await desk.signOut(c.req.raw.headers)) c.header('Set-Cookie', cookie, { append: true });
      return c.redirect('/sign-in', 303);
    });
}
