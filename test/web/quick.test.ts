import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'node-html-parser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPages } from '../support/pages.js';
import { openShop, type Shop } from '../support/shop.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
beforeAll(async () => {
  shop = await openShop({ worker: 'none' });
  pages = openPages(shop);
});
afterAll(() => shop.close());

test('scripts come from here, are kept for good under an address that names them, and only for who is signed in', async () => {
  const { root, headers } = await pages.get('/till');
  const sources = root.querySelectorAll('script').map((each) => each.getAttribute('src') ?? '');
  expect(sources.map((each) => each.replace(/[0-9a-f]{16}/, '#'))).toEqual([
    '/assets/htmx.#.js',
    '/assets/quick.#.js',
    '/assets/lock.#.js',
  ]);
  for (const source of sources) {
    const reply = await shop.app.request(source);
    const print = createHash('sha256')
      .update(await reply.text())
      .digest('hex');
    expect(source).toContain(`.${print.slice(0, 16)}.`);
    expect(reply.headers.get('Cache-Control')).toBe('max-age=31536000, immutable');
    expect(reply.headers.get('Content-Type')).toBe('text/javascript; charset=utf-8');
  }
  expect(headers.get('Content-Security-Policy')).toContain("script-src 'self';");
  const config: unknown = JSON.parse(root.querySelector('meta[name=htmx-config]')?.getAttribute('content') ?? '');
  expect(config).toMatchObject({ includeIndicatorCSS: false, history: false });
  expect(await (await shop.app.request('/sign-in')).text()).not.toContain('<script');
});

/** The policy would stop them, and a page would not do what it says. */
test('no page says in an attribute what would have to be evaluated', () => {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'web'], { encoding: 'utf8' });
  const evaluated =
    /hx-on\b|['"`{]js:|javascript:|hx-trigger=[^\n]*\w\[|\bon(click|change|input|submit)=|\beval\(|new Function/;
  const offences = files
    .trim()
    .split('\n')
    .filter((file) => /\.(tsx?|mjs)$/.test(file))
    .filter((file) => evaluated.test(readFileSync(file, 'utf8')));
  expect(offences).toEqual([]);
});

const quick = { 'HX-Request': 'true' };

test.each([
  ['/till', { step: 'update', customerId: 'C-1', product: 'A', amount: '10', formKey: 'k' }, 'line=1000+A'],
  ['/till', { step: 'otherCustomer', customerId: 'C-1' }, '/till'],
])('a script is told where a form of %s leads rather than led there', async (path, typed, to) => {
  const plain = await pages.post(path, typed, { as: 'cashier' });
  expect([plain.status, plain.headers.get('HX-Redirect')]).toEqual([303, null]);
  const asked = await pages.post(path, typed, { as: 'cashier', headers: quick });
  expect([asked.status, asked.location]).toEqual([204, null]);
  expect(asked.headers.get('HX-Redirect')).toContain(to);
});

test('while it is typed a name brings choices and no page', async () => {
  const reply = await shop.app.request('/till', {
    method: 'POST',
    headers: {
      Origin: 'http://localhost',
      'Content-Type': 'application/x-www-form-urlencoded',
      Cookie: await shop.staffCookie('cashier'),
      ...quick,
    },
    body: new URLSearchParams({ step: 'seekCustomer', customer: 'x' }).toString(),
  });
  const root = parse(await reply.text());
  expect([reply.status, root.querySelectorAll('button, html').length]).toEqual([200, 0]);
  expect(root.querySelector('#customers-found')).not.toBeNull();
});
