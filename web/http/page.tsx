import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { roleOf } from '../../domain/staff.js';
import { isPermitted } from '../../domain/roles.js';
import type { Session } from '../../service/staff/session.js';
import type { PageContext } from './context.js';
import { Layout, type MenuEntry } from './layout.js';

type Page = { readonly title: string; readonly here?: MenuEntry; readonly status?: ContentfulStatusCode };

/** Answers with a page, whole and at once. */
export async function page(c: PageContext, { title, here, status = 200 }: Page, body: Child): Promise<Response> {
  const { pathname, search } = new URL(c.req.url);
  const path = pathname + search;
  const waiting = await waitingFor(c);
  const framed = (
    <Layout title={title} here={here} reader={c.get('reader')} session={c.var.session} path={path} waiting={waiting}>
      {body}
    </Layout>
  );
  return c.html(html`<!doctype html>${framed}`, status);
}

/** How much waits for whoever reads; nothing where that is not theirs, or nobody can say. */
async function waitingFor(c: PageContext): Promise<number> {
  const { session, attention } = c.var;
  if (!session || !isPermitted(roleOf(session.staffRole), 'manage')) return 0;
  return (await attention.count(attentionOf(session))) ?? 0;
}

/** Whose waiting is this person's: an admin looks after every shop. */
export function attentionOf({ staffRole, shop }: Session): string | null {
  return staffRole === 'admin' ? null : shop.shopId;
}
