import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { PageContext } from './context.js';
import { Layout, type MenuEntry } from './layout.js';

type Page = { readonly title: string; readonly here?: MenuEntry; readonly status?: ContentfulStatusCode };

/** Answers with a page, whole and at once. */
export function page(c: PageContext, { title, here, status = 200 }: Page, body: Child): Response | Promise<Response> {
  const { pathname, search } = new URL(c.req.url);
  const path = c.req.method === 'GET' ? pathname + search : pathname;
  const framed = (
    <Layout title={title} here={here} reader={c.get('reader')} session={c.var.session} path={path}>
      {body}
    </Layout>
  );
  return c.html(html`<!doctype html>${framed}`, status);
}
