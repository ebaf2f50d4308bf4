import type { FC } from 'hono/jsx';
import type { Shop } from '../../domain/shop.js';
import type { SignedIn } from '../../service/staff/signIns.js';
import { createRoutes, type PageContext, type Pages } from '../http/context.js';
import { ErrorSummary, SelectField, TextField, type Errors } from '../http/fields.js';
import { readForm, type Values } from '../http/form.js';
import { ownPath } from '../http/ownPath.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import type { Reader } from '../http/reader.js';
import { outageOf } from '../http/wrong.js';

/** Signing in and out. */
export function signInRoutes({ desk }: PageParts): Pages {
  return createRoutes()
    .get('/sign-in', (c) => show(c, { values: { to: ownPath(c.req.query('to')) }, errors: {}, shops: [] }, 200))
    .post('/sign-in', async (c) => {
      const values = await readForm(c);
      const { username = '', password = '', shopId } = values;
      const answer = await desk
        .signIn({ username, password, ...(shopId !== undefined && { shopId }) })
        .catch((error: unknown) => {
          const outage = outageOf(error, c.get('reader').texts.problems);
          if (outage === undefined) throw error;
          return { outcome: 'away', outage } as const;
        });
      if (answer.outcome === 'away') return show(c, { values, errors: { '': answer.outage }, shops: [] }, 503);
      if (answer.outcome !== 'signed_in') return show(c, { values, ...toldBy(answer, c.get('reader')) }, 422);
      // Whoever sat here before is here no more: the browser forgets their cookie, and nobody else may go on with it.
      await desk.signOut(c.req.raw.headers);
      for (const cookie of answer.cookies) c.header('Set-Cookie', cookie, { append: true });
      return c.redirect(ownPath(values['to']), 303);
    })
    .post('/sign-out', async (c) => {
      for (const cookie of await desk.signOut(c.req.raw.headers)) c.header('Set-Cookie', cookie, { append: true });
      return c.redirect('/sign-in', 303);
    });
}

type NotSignedIn = Exclude<SignedIn, { outcome: 'signed_in' }>;

function toldBy(answer: NotSignedIn, { texts, formats }: Reader): { errors: Errors; shops: readonly Shop[] } {
  const { signIn } = texts;
  switch (answer.outcome) {
    case 'choose_shop':
      return { errors: { shopId: signIn.chooseShop }, shops: answer.shops };
    case 'wrong':
      return { errors: { password: signIn.wrong }, shops: [] };
    case 'locked':
      return { errors: { username: texts.sign.locked(formats.time(answer.until)) }, shops: [] };
    case 'no_shop':
      return { errors: { username: signIn.noShop }, shops: [] };
  }
}

type Shown = { readonly values: Values; readonly errors: Errors; readonly shops: readonly Shop[] };

function show(c: PageContext, shown: Shown, status: 200 | 422 | 503): Response | Promise<Response> {
  const reader = c.get('reader');
  return page(c, { title: reader.texts.signIn.title, status }, <SignInForm reader={reader} {...shown} />);
}

const SignInForm: FC<Shown & { reader: Reader }> = ({ reader, values, errors, shops }) => {
  const { signIn } = reader.texts;
  return (
    <form class="sheet narrow" method="post" action="/sign-in">
      <ErrorSummary reader={reader} errors={errors} />
      <input type="hidden" name="to" value={values['to'] ?? '/'} />
      <TextField
        name="username"
        label={signIn.username}
        values={values}
        errors={errors}
        autocomplete="username"
        focus="first"
      />
      <TextField
        name="password"
        label={signIn.password}
        type="password"
        values={values}
        errors={errors}
        autocomplete="current-password"
      />
      {shops.length > 0 && (
        <SelectField
          name="shopId"
          label={signIn.shop}
          values={values}
          errors={errors}
          choices={shops.map(({ shopId, name }) => ({ value: shopId, label: name }))}
        />
      )}
      <div class="actions">
        <button>{signIn.send}</button>
      </div>
    </form>
  );
};
