import { createMiddleware } from 'hono/factory';
import { whileAway } from '../../db/outage.js';
import { roleOf } from '../../domain/staff.js';
import { isPermitted, type Permission } from '../../domain/roles.js';
import type { StaffDesk } from '../../service/staff/desk.js';
import type { Session } from '../../service/staff/session.js';
import type { PageContext, Variables } from './context.js';
import { Forbidden } from './faults.js';
import { readForm, TYPED_BEFORE, typedIn, writeTyped, type Values } from './form.js';
import { takePage } from './quick.js';
import { enter, showSignIn } from './signInForm.js';

/** Shows a form as it was typed before whoever looks at it had signed in. It does nothing of what the form asks. */
export type ShowAgain = (c: PageContext, values: Values) => Response | Promise<Response>;

/**
 * Lets only people pass who are signed in, and whose role may do this. The others sign in first: from a page they are
 * sent there and back; a form that was sent asks for it in its own place and is then shown again, filled in, to whoever
 * signed in, who may be somebody else. What a manager can sign for is asked for by `whoAsks` instead.
 */
export function signedIn(desk: StaffDesk, permission: Permission, showAgain: ShowAgain = afresh) {
  return createMiddleware<Variables>(async (c, next) => {
    const form = c.req.method === 'POST' ? await readForm(c) : undefined;
    if (form && TYPED_BEFORE in form && 'username' in form) return signInAndShow(c, form);
    const session = await desk.sessionOf(c.req.raw.headers);
    if (!session) return form ? askWho(c, form) : c.redirect(`/sign-in?to=${encodeURIComponent(addressOf(c))}`, 303);
    admit(c, session);
    // Somebody has signed in, and the form could not be shown then.
    return form && TYPED_BEFORE in form ? showAgain(c, typedIn(form)) : next();
  });

  async function signInAndShow(c: PageContext, form: Values): Promise<Response> {
    const entered = await enter(c, desk, form);
    if (entered.outcome !== 'entered')
      return showSignIn(c, { values: form, action: addressOf(c), ...entered }, entered.status);
    admit(c, entered.session);
    return showAgain(c, typedIn(form));
  }

  /** @throws Forbidden */
  function admit(c: PageContext, session: Session): void {
    c.set('session', session);
    c.set('reader', c.get('readerIn')(session.shop.timeZone));
    if (!isPermitted(roleOf(session.staffRole), permission)) throw new Forbidden();
  }
}

/** For what is no secret, and helps somebody who cannot sign in: who is signed in sees the menu around it. */
export function signedInOrNot(desk: StaffDesk) {
  return createMiddleware<Variables>(async (c, next) => {
    const session = await desk.sessionOf(c.req.raw.headers).catch(whileAway(undefined));
    if (session) c.set('session', session);
    return next();
  });
}

function askWho(c: PageContext, form: Values): Promise<Response> {
  takePage(c);
  const values = { [TYPED_BEFORE]: form[TYPED_BEFORE] ?? writeTyped(form) };
  return showSignIn(c, { values, errors: {}, shops: [], action: addressOf(c) }, 401);
}

/** Where a form is not kept, its page is opened anew. */
function afresh(c: PageContext): Response {
  return c.redirect(addressOf(c), 303);
}

function addressOf(c: PageContext): string {
  const { pathname, search } = new URL(c.req.url);
  return pathname + search;
}
