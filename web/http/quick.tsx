import type { FC } from 'hono/jsx';
import { createMiddleware } from 'hono/factory';
import type { PageContext, Variables } from './context.js';
import type { Reader } from './reader.js';

/** Whether a script asks, to change a part of the page that is there. */
export function isQuick(c: PageContext): boolean {
  return c.req.header('HX-Request') === 'true';
}

/** A script would follow a redirect unseen and take the page behind it for a part: it is told to go there instead. */
export const leadOn = createMiddleware<Variables>(async (c, next) => {
  await next();
  const to = c.res.headers.get('Location');
  if (!isQuick(c) || to === null) return;
  c.res = new Response(null, { status: 204, headers: c.res.headers });
  c.res.headers.delete('Location');
  c.res.headers.set('HX-Redirect', to);
});

/** Has a script put a page that is not the one it asked for in the place of all that is there. */
export function takePage(c: PageContext): void {
  if (!isQuick(c)) return;
  for (const [name, value] of Object.entries({ Retarget: 'body', Reselect: 'body', Reswap: 'outerHTML' }))
    c.header(`HX-${name}`, value);
}

/** A field that looks up while it is typed in what the button beside it looks up; both show it in the same place. */
export function seeking(path: string, step: string, found: string): Readonly<Record<string, string>> {
  return {
    'hx-post': path,
    'hx-vals': `step:${step}`,
    'hx-trigger': 'input changed delay:250ms',
    'hx-sync': 'this:replace',
    ...showingIn(found),
  };
}

/** That what comes back is shown there, and arrow keys lead to it. */
export function showingIn(found: string): Readonly<Record<string, string>> {
  const place = `#${found}`;
  return { 'hx-target': place, 'hx-select': place, 'hx-swap': 'outerMorph', 'data-found': found };
}

/** A form that is sent without leaving its page: what is wrong shows in it, and where it leads on, a page opens. */
export function sending(path: string): Readonly<Record<string, string>> {
  return { 'hx-post': path, 'hx-target': 'this', 'hx-select': `form[action^='${path}']`, 'hx-swap': 'outerHTML' };
}

/** Where a form says that no answer came, while everything typed stays in it. */
export const Unanswered: FC<{ reader: Reader }> = ({ reader: { texts } }) => (
  <div
    class="unanswered"
    role="alert"
    data-unsent={texts.problems.unknown}
    data-unasked={texts.problems.notAsked}
  ></div>
);

/** Prints the page, where a script can; elsewhere the browser's own way is told beside it. */
export const PrintButton: FC<{ reader: Reader }> = ({ reader: { texts } }) => (
  <button type="button" class="second prints">
    {texts.forms.print}
  </button>
);
