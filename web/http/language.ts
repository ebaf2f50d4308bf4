import { setCookie } from 'hono/cookie';
import { languages } from '../texts/texts.js';
import { createRoutes, type Pages } from './context.js';
import { readForm } from './form.js';
import { LANGUAGE_COOKIE } from './reading.js';
import { ownPath } from './ownPath.js';

const YEAR_S = 365 * 24 * 60 * 60;

/** Remembers in which language this browser reads. */
export function languageRoutes(publicUrl: URL | undefined): Pages {
  return createRoutes().post('/language', async (c) => {
    const { language, to } = await readForm(c);
    const chosen = languages.find((each) => each === language);
    const secure = publicUrl?.protocol === 'https:';
    if (chosen)
      setCookie(c, LANGUAGE_COOKIE, chosen, { httpOnly: true, sameSite: 'Lax', secure, path: '/', maxAge: YEAR_S });
    return c.redirect(ownPath(to), 303);
  });
}
