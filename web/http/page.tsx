import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { PageContext } from './context.js';
import { Layout, type MenuEntry } from './layout.js';

type Page = { readonly title: string; readonly here?: MenuEntry; readonly status?: ContentfulStatusCode };

/** Answers with a page, whole and at once. */
export function page(c: PageContext, { title, here, status = 200 }: Page, body: Child): Response | Promise<Response> {
  const { pathname, search } = new URL(c.req.url);
  const path = pathname + search;
  lockWhenIdle(c, path);
  const framed = (
    <Layout title={title} here={here} reader={c.get('reader')} session={c.var.session} path={path}>
      {body}
    </Layout>
  );
  return c.html(html`<!doctype html>${framed}`, status);
}

/** A till that nobody touches asks who is there, without any script; what its address says is still there then. */
function lockWhenIdle(c: PageContext, path: string): void {
  const minutes = c.var.session?.shop.idleLockMinutes;
  if (minutes != null) c.header('Refresh', `${minutes * 60}; url=/lock?to=${encodeURIComponent(path)}`);
}
