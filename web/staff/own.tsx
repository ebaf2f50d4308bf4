import { whileAway } from '../../db/outage.js';
import { createRoutes, type PageContext, type Pages } from '../http/context.js';
import { ErrorSummary, TextField, type Errors } from '../http/fields.js';
import { readForm } from '../http/form.js';
import { ownPath } from '../http/ownPath.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import type { Reader } from '../http/reader.js';
import { signedIn } from '../http/signedIn.js';

/** What everybody does about their own account: another password, and the lock of a till that stood idle. */
export function ownRoutes({ desk }: PageParts): Pages {
  return createRoutes()
    .get('/own-password', signedIn(desk, 'read'), (c) => show(c, {}, 200))
    .post('/own-password', signedIn(desk, 'read'), async (c) => {
      const { current = '', next = '', again = '' } = await readForm(c);
      const { own, sign } = c.get('reader').texts;
      if (next !== again) return show(c, { again: own.differ }, 422);
      const changed = await c
        .get('checking')(() => desk.changeOwnPassword(c.req.raw.headers, { current, next }))
        .catch(whileAway(AWAY));
      switch (changed.outcome) {
        case 'changed':
          return c.redirect('/own-password?done', 303);
        case 'away':
          return show(c, { '': c.get('reader').texts.problems.booksAwayNow }, 503);
        case 'unusable':
          return show(c, { next: own.unusable }, 422);
        case 'wrong':
          return show(c, { current: own.wrong }, 422);
        case 'locked':
          return show(c, { current: sign.locked(c.get('reader').formats.time(changed.until)) }, 422);
        case 'signed_out':
          return c.redirect('/sign-in?to=/own-password', 303);
      }
    })
    .post('/presence', signedIn(desk, 'read'), (c) => c.body(null, 204))
    .get('/lock', async (c) => {
      // What is in use, or cannot be known, stays as it is, whoever leads here: a browser leaves its page for no 204.
      const answer = await desk.lockIdle(c.req.raw.headers);
      if (answer.outcome === 'in_use') return c.body(null, 204);
      for (const cookie of answer.cookies) c.header('Set-Cookie', cookie, { append: true });
      return c.redirect(`/sign-in?to=${encodeURIComponent(ownPath(c.req.query('to')))}`, 303);
    });
}

/** A password is typed again: no page says it. */
const AWAY = { outcome: 'away' } as const;

function show(c: PageContext, errors: Errors, status: 200 | 422 | 503): Response | Promise<Response> {
  const reader = c.get('reader');
  const { own } = reader.texts;
  return page(
    c,
    { title: own.title, status },
    <>
      {c.req.query('done') !== undefined && (
        <p class="notice" role="status">
          {own.done}
        </p>
      )}
      <OwnPassword reader={reader} errors={errors} />
    </>,
  );
}

const OwnPassword = ({ reader, errors }: { reader: Reader; errors: Errors }) => {
  const { own } = reader.texts;
  const field = { type: 'password', values: {}, errors } as const;
  return (
    <form class="sheet narrow" method="post" action="/own-password">
      <ErrorSummary reader={reader} errors={errors} />
      <TextField {...field} name="current" label={own.current} autocomplete="current-password" focus="first" />
      <TextField {...field} name="next" label={own.next} hint={own.hint} autocomplete="new-password" />
      <TextField {...field} name="again" label={own.again} autocomplete="new-password" />
      <div class="actions">
        <button>{own.send}</button>
      </div>
    </form>
  );
};
