import { createMiddleware } from 'hono/factory';
import { roleOf } from '../../domain/staff.js';
import { isPermitted, type Permission } from '../../domain/roles.js';
import type { StaffDesk } from '../../service/staff/desk.js';
import type { PageContext, Variables } from './context.js';
import { Forbidden } from './faults.js';
import { readForm, type Values } from './form.js';
import { MAX_ADDRESS_LENGTH } from './ownPath.js';

/**
 * Lets only people pass who are signed in, and whose role may do this; sends the others to sign in and back. What a
 * manager can sign for is asked for by `whoAsks` instead.
 * @param again the address at which a form that was sent is begun anew with what of it may be in one, if anything
 */
export function signedIn(desk: StaffDesk, permission: Permission, again?: (values: Values) => string) {
  return createMiddleware<Variables>(async (c, next) => {
    const session = await desk.sessionOf(c.req.raw.headers);
    if (!session) return c.redirect(`/sign-in?to=${encodeURIComponent(await wayBack(c, again))}`, 303);
    c.set('session', session);
    c.set('reader', c.get('readerIn')(session.shop.timeZone));
    if (!isPermitted(roleOf(session.staffRole), permission)) throw new Forbidden();
    return next();
  });
}

/** Where to go on after signing in: a form that was sent is begun anew at its page, with what its address keeps. */
async function wayBack(c: PageContext, again?: (values: Values) => string): Promise<string> {
  const { pathname, search } = new URL(c.req.url);
  const address = c.req.method === 'POST' && again ? again(await readForm(c)) : '';
  return address === '' || address.length > MAX_ADDRESS_LENGTH ? pathname + search : address;
}
