import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPages, type Typed } from '../support/pages.js';
import { openShop, type Shop } from '../support/shop.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
beforeAll(async () => {
  shop = await openShop({ worker: 'none' });
  pages = openPages(shop);
});
afterAll(() => shop.close());

const stranger = (path: string, init: RequestInit = {}) => shop.app.request(path, init);
const form = (typed: Record<string, string>, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { Origin: 'http://localhost', 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
  body: new URLSearchParams(typed).toString(),
});

test('who is not signed in is sent to sign in, and comes back to where they were', async () => {
  const first = await stranger('/own-password?status=active&q=a%20b');
  expect(first.status).toBe(303);
  const to = first.headers.get('Location') ?? '';
  expect(to).toBe(`/sign-in?to=${encodeURIComponent('/own-password?status=active&q=a%20b')}`);
  const { username, password } = await shop.staffMember('cashier');
  const page = await (await stranger(to)).text();
  expect(page).toContain('value="/own-password?status=active&amp;q=a%20b"');
  const typed = { username, password, to: '/own-password?status=active&q=a%20b' };
  const entered = await stranger('/sign-in', form(typed));
  expect(entered.status).toBe(303);
  expect(entered.headers.get('Location')).toBe('/own-password?status=active&q=a%20b');
  const cookie = entered.headers.get('Set-Cookie') ?? '';
  expect(cookie).toMatch(/HttpOnly/i);
  expect(cookie).toMatch(/SameSite=Lax/i);
});

test.each([
  '//evil.example/x',
  'https://evil.example',
  '/\\evil.example',
  'javascript:alert(1)',
  '\t//evil.example',
  '/%09/evil.example',
])('after signing in nobody is led to %j', async (to) => {
  const { username, password } = await shop.staffMember('cashier');
  const entered = await stranger('/sign-in', form({ username, password, to }));
  expect(entered.status).toBe(303);
  const { origin } = new URL(entered.headers.get('Location') ?? '', 'http://localhost');
  expect(origin).toBe('http://localhost');
});

test('a wrong password is told beside its field, and nothing typed but the password comes back', async () => {
  const reply = await stranger('/sign-in', form({ username: 'nobody-here', password: 'not-the-password' }));
  expect(reply.status).toBe(422);
  const text = await reply.text();
  expect(text).toContain('value="nobody-here"');
  expect(text).toContain('The username or the password is wrong.');
  expect(text).not.toContain('not-the-password');
});

test.each([
  ['another site', { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }],
  ['a sandbox', { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' }],
  ['another port of this machine', { Origin: 'http://localhost:9999', 'Sec-Fetch-Site': 'same-site' }],
  ['nowhere that can be known', { Origin: '' }],
])('a form from %s changes nothing', async (_, headers) => {
  const { cookie } = await shop.staffMember('admin');
  const reply = await stranger('/language', form({ language: 'de', to: '/' }, { ...headers, Cookie: cookie }));
  expect(reply.status).toBe(403);
  expect(reply.headers.get('Set-Cookie')).toBeNull();
  expect(await reply.text()).toContain('This form was sent from another site');
});

test('a name that is not this service leads nowhere', async () => {
  expect((await stranger('http://evil.example/sign-in')).status).toBe(421);
  expect((await stranger('http://127.0.0.1:3000/sign-in')).status).toBe(200);
});

test('every page forbids what it does not bring itself, and is kept by nobody', async () => {
  const { headers } = await pages.get('/own-password');
  const policy = headers.get('Content-Security-Policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe-inline');
  expect(headers.get('Referrer-Policy')).toBe('same-origin');
  expect(headers.get('X-Frame-Options')).toBe('DENY');
  expect(headers.get('Cache-Control')).toBe('no-store');
});

test("the language is the reader's, until they choose another", async () => {
  const german = { headers: { 'Accept-Language': 'de-AT,de;q=0.9,en;q=0.5' } };
  expect(await (await stranger('/sign-in', german)).text()).toContain('<html lang="de">');
  expect(await (await stranger('/sign-in', { headers: { 'Accept-Language': 'fr;q=1,*' } })).text()).toContain(
    'lang="en"',
  );
  const chosen = await stranger('/language', form({ language: 'en', to: '/sign-in' }));
  expect(chosen.headers.get('Location')).toBe('/sign-in');
  const Cookie = chosen.headers.get('Set-Cookie')?.split(';')[0] ?? '';
  const again = await stranger('/sign-in', { headers: { ...german.headers, Cookie } });
  expect(await again.text()).toContain('<html lang="en">');
});

test('beside the pages the API answers as before, and an address that leads nowhere says so in each manner', async () => {
  expect(await (await stranger('/v1/nothing')).json()).toMatchObject({ code: 'unauthorized' });
  expect((await stranger('/healthz')).status).toBe(200);
  expect(await pages.get('/nothing-here')).toMatchObject({ status: 404 });
  expect((await pages.get('/nothing-here')).text).toContain('There is nothing here');
});

test('signing out ends the session', async () => {
  const { username, password } = await shop.staffMember('finance');
  const entered = await stranger('/sign-in', form({ username, password }));
  const Cookie = entered.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  expect((await stranger('/own-password', { headers: { Cookie } })).status).toBe(200);
  expect((await stranger('/sign-out', form({}, { Cookie }))).headers.get('Location')).toBe('/sign-in');
  expect((await stranger('/own-password', { headers: { Cookie } })).status).toBe(303);
});

test('who signs in over somebody else ends their session', async () => {
  const enter = async (role: 'cashier' | 'finance', headers: Record<string, string> = {}) => {
    const { username, password } = await shop.staffMember(role);
    const entered = await stranger('/sign-in', form({ username, password }, headers));
    const cookies = entered.headers.getSetCookie().map((each) => each.split(';')[0]);
    return cookies.join('; ');
  };
  const first = await enter('cashier');
  const second = await enter('finance', { Cookie: first });
  expect((await stranger('/own-password', { headers: { Cookie: first } })).status).toBe(303);
  expect((await stranger('/own-password', { headers: { Cookie: second } })).status).toBe(200);
});

/** What a form of ours needs of itself, whatever it asks. */
test.each<[string, Typed]>([
  ['none', { formKey: '' }],
  ['a short one', { formKey: 'x' }],
  ['one with other signs', { formKey: `${randomUUID()}'` }],
])('a form key that is %s is no key', async (_, typed) => {
  const { isFormKey } = await import('../../web/http/form.js');
  expect(isFormKey(String(typed['formKey']))).toBe(false);
  expect(isFormKey(randomUUID())).toBe(true);
});
