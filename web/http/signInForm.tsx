import type { FC } from 'hono/jsx';
import type { Shop } from '../../domain/shop.js';
import type { StaffDesk } from '../../service/staff/desk.js';
import type { Session } from '../../service/staff/session.js';
import type { SignedIn } from '../../service/staff/signIns.js';
import type { PageContext } from './context.js';
import { ErrorSummary, SelectField, TextField, type Errors } from './fields.js';
import { TYPED_BEFORE, type Values } from './form.js';
import { page } from './page.js';
import type { Reader } from './reader.js';
import { outageOf } from './wrong.js';

type NotEntered = {
  readonly outcome: 'not_entered';
  readonly errors: Errors;
  readonly shops: readonly Shop[];
  readonly status: 422 | 503;
};
export type Entered = { readonly outcome: 'entered'; readonly session: Session } | NotEntered;

/** Signs in whom a form names, and has the browser remember it; or says why not. */
export async function enter(c: PageContext, desk: StaffDesk, values: Values): Promise<Entered> {
  const { username = '', password = '', shopId } = values;
  try {
    const typed = { username, password, ...(shopId !== undefined && { shopId }) };
    const answer = await c.get('checking')(() => desk.signIn(typed));
    if (answer.outcome !== 'signed_in') return toldBy(answer, c.get('reader'));
    // Whoever sat here before is here no more: the browser forgets their cookie, and nobody else may go on with it.
    await desk.signOut(c.req.raw.headers);
    for (const cookie of answer.cookies) c.header('Set-Cookie', cookie, { append: true });
    return { outcome: 'entered', session: answer.session };
  } catch (error) {
    const outage = outageOf(error, c.get('reader').texts.problems);
    if (outage === undefined) throw error;
    return { outcome: 'not_entered', errors: { '': outage }, shops: [], status: 503 };
  }
}

function toldBy(answer: Exclude<SignedIn, { outcome: 'signed_in' }>, { texts, formats }: Reader): NotEntered {
  const { signIn } = texts;
  const not = { outcome: 'not_entered', shops: [], status: 422 } as const;
  switch (answer.outcome) {
    case 'choose_shop':
      return { ...not, errors: { shopId: signIn.chooseShop }, shops: answer.shops };
    case 'wrong':
      return { ...not, errors: { password: signIn.wrong } };
    case 'locked':
      return { ...not, errors: { username: texts.sign.locked(formats.time(answer.until)) } };
    case 'no_shop':
      return { ...not, errors: { username: signIn.noShop } };
  }
}

type Shown = {
  readonly values: Values;
  readonly errors: Errors;
  readonly shops: readonly Shop[];
  /** Where it is sent: to the page of signing in, or, with what was typed there before, to the form that has that. */
  readonly action: string;
};

export function showSignIn(c: PageContext, shown: Shown, status: 200 | 401 | 422 | 503): Promise<Response> {
  const reader = c.get('reader');
  return page(c, { title: reader.texts.signIn.title, status }, <SignInForm reader={reader} {...shown} />);
}

const SignInForm: FC<Shown & { reader: Reader }> = ({ reader, values, errors, shops, action }) => {
  const { signIn } = reader.texts;
  const { to, [TYPED_BEFORE]: typed } = values;
  return (
    <form class="sheet narrow" method="post" action={action}>
      <ErrorSummary reader={reader} errors={errors} />
      {typed !== undefined && <p>{signIn.keepsTyped}</p>}
      {to !== undefined && <input type="hidden" name="to" value={to} />}
      {typed !== undefined && <input type="hidden" name={TYPED_BEFORE} value={typed} />}
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
