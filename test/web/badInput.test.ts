import { randomUUID } from 'node:crypto';
import { parse, type HTMLElement } from 'node-html-parser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { staffRoles, type StaffRole } from '../../domain/staff.js';
import { inParallel } from '../../activities/inParallel.js';
import { FORM_KEY } from '../../web/http/form.js';
import { addPerson } from '../support/desk.js';
import { fillShop, type Filled } from '../support/filledShop.js';
import { routesOf } from '../support/routes.js';
import { openShop, until, type Shop } from '../support/shop.js';

let shop: Shop;
let filled: Filled;
beforeAll(async () => {
  shop = await openShop();
  filled = await fillShop(shop);
  await waitForPerson();
  await addPerson(shop.desk, 'spare', { shopIds: [shop.shopId] });
  for (const role of staffRoles) await shop.staffCookie(role);
});
afterAll(() => shop.close());

/** Something that a person has to settle, so that there is a form for that. */
async function waitForPerson(): Promise<void> {
  const { active, customerId } = filled;
  const tooMuch = { customerId, currency: 'EUR', amountMinor: 9_999_999, saleId: 'S-4' };
  const options = { key: shop.keys.till, headers: { Prefer: 'respond-async' }, idempotencyKey: randomUUID() };
  const headers = { Cookie: await shop.staffCookie('admin') };
  await until(async () => (await shop.post(`/account-payments/${active}/apply`, tooMuch, options)).status === 202);
  await until(async () => {
    const root = parse(await (await shop.app.request('/attention', { headers })).text());
    return root.querySelector('form[action="/attention"]') !== null;
  });
}

/** As it stands in an address or in a form, already encoded; `undefined` leaves the field out. */
type Bad = string | readonly string[] | undefined;

/** Nothing of this is what any field asks for. */
const BAD: Readonly<Record<string, Bad>> = {
  missing: undefined,
  empty: '',
  repeated: ['1', 'ACC-20260101-ZZZZZZZZ', '1'],
  'too long': 'x'.repeat(5_000),
  'a NUL': 'a%00b',
  'a lone surrogate': '%ED%A0%80',
  'a broken escape': '%E0%A4%A',
  'a huge number': '99999999999999999999999',
  'no number': '-1e309',
  'the year 0000': '0000-00-00',
  'the year 10000': '10000-01-01',
  'an unknown reference': 'ACC-20260101-ZZZZZZZZ',
  'a name of objects': '__proto__',
};

const AT_ONCE = 4;

/** Asked by a script, without a field. */
const UNSEEN: readonly string[] = ['/presence'];

/** They end the session of whoever sends them. */
const ENDING = ['/sign-out', '/lock'];

type Form = { readonly method: string; readonly path: string; readonly fields: ReadonlyMap<string, string> };
type Asked = Form & { readonly what: string; readonly as: StaffRole };

/** With some of its fields so, and the others as they are. */
function query(fields: ReadonlyMap<string, string>, bad: Bad, isBad: (name: string) => boolean): string {
  const said = [...fields].flatMap(([name, value]) => {
    if (!isBad(name)) return [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`];
    return bad === undefined ? [] : [bad].flat().map((each) => `${encodeURIComponent(name)}=${each}`);
  });
  return said.join('&');
}

async function send(method: string, path: string, said: string, as: StaffRole): Promise<number> {
  const headers = { Cookie: await shop.staffCookie(as), Origin: 'http://localhost', 'Accept-Language': 'en-GB' };
  // A busy machine may give no answer in time, which is told as such.
  const isAnswered = (status: number) => status !== 503 && status;
  if (method === 'GET')
    return until(async () =>
      isAnswered((await shop.app.request(said === '' ? path : `${path}?${said}`, { headers })).status),
    );
  const key = said.includes(`${FORM_KEY}=`) ? '' : `&${FORM_KEY}=${randomUUID()}`;
  const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const body = `${said}${key}`;
  return until(async () =>
    isAnswered((await shop.app.request(path, { method: 'POST', headers: { ...headers, ...type }, body })).status),
  );
}

/** Each field alone, then all of them at once, by the roles in turn. */
function* variationsOf(form: Form): Generator<Asked & { readonly said: string }> {
  let turn = 0;
  const nextRole = () => staffRoles[turn++ % staffRoles.length] ?? 'admin';
  for (const [what, bad] of Object.entries(BAD)) {
    for (const name of form.fields.keys())
      yield {
        ...form,
        as: nextRole(),
        what: `${name}: ${what}`,
        said: query(form.fields, bad, (each) => each === name),
      };
    yield { ...form, as: nextRole(), what: `all: ${what}`, said: query(form.fields, bad, () => true) };
  }
}

/** What was answered as if it were the service's own fault. */
async function faultsOf(forms: readonly Form[]): Promise<string[]> {
  const asked = forms.flatMap((form) => [...variationsOf(form)]);
  const faults: string[] = [];
  await inParallel(AT_ONCE, asked.length, async (i) => {
    const one = asked[i];
    if (!one) return;
    const status = await send(one.method, one.path, one.said, one.as);
    if (status >= 500) faults.push(`${status} ${one.method} ${one.path} as ${one.as}, ${one.what}`);
  });
  return faults;
}

/** What an address with parts leads to in this shop. */
function leading(path: string): string[] {
  const { customerId, saleId, active, frozen, ended } = filled;
  const spare = { staffId: 'spare', file: 'list.png', script: 'none.js' };
  const named: Readonly<Record<string, string>> = { customerId, saleId, reference: active, ...spare };
  const ofAct: Readonly<Record<string, string>> = { thaw: frozen, reinstate: ended };
  const words = /:\w+\{([^}]+)\}/.exec(path)?.[1]?.split('|') ?? [''];
  return words.map((word) =>
    path
      .replace(/:\w+\{[^}]+\}/, word)
      .replace(/:(\w+)/g, (part, name: string) => (name === 'reference' && ofAct[word]) || (named[name] ?? part)),
  );
}

/** A page that has little of its own to ask for shows more of its forms so. */
const MORE: Readonly<Record<string, readonly string[]>> = {
  '/till': ['customerId=C-1&line=12000+BIKE-7&line=500+LOCK', 'saleId=S-3'],
  '/account-payments/new': ['customerId=C-1&productId=BIKE-7&amount=12.00&type=product_specific'],
};

/** All forms that the pages have, as an admin sees them, once each. */
async function formsOfPages(): Promise<Form[]> {
  const { saleId, heldSaleId, holdId } = filled;
  const letGo = [`shop=${shop.shopId}&sale=${heldSaleId}&hold=${holdId}`];
  const asking = { ...MORE, '/held/let-go': letGo, '/till/slips/:saleId': ['told=no&otherMinor=100'] };
  const headers = { Cookie: await shop.staffCookie('admin') };
  const found = new Map<string, Form>();
  const gets = routesOf(shop).filter(({ method, path }) => method === 'GET' && !ENDING.includes(path));
  for (const { path: route } of gets) {
    const queries = ['', ...((asking as Record<string, readonly string[]>)[route] ?? [])];
    for (const address of leading(route).flatMap((path) => queries.map((said) => (said ? `${path}?${said}` : path)))) {
      const response = await shop.app.request(address, { headers });
      if (!response.headers.get('Content-Type')?.startsWith('text/html')) continue;
      const root = parse(await response.text());
      const here = address.replace(/\?.*/, '');
      const asks = root.querySelectorAll('form').map((form) => formIn(form, here));
      for (const form of [...asks, ...root.querySelectorAll('a').map(linkIn)]) {
        if (form.fields.size === 0 || !form.path.startsWith('/')) continue;
        const key = `${form.method} ${form.path.replace(saleId, ':saleId')} ${[...form.fields.keys()].sort().join()}`;
        found.set(key, found.get(key) ?? form);
      }
    }
  }
  return [...found.values()];
}

/** @param here where a form goes that does not say where to */
function formIn(form: HTMLElement, here: string): Form {
  const fields = new Map<string, string>();
  for (const each of form.querySelectorAll('[name]')) {
    const chosen = each.querySelector('option[selected]') ?? each.querySelector('option');
    const name = each.getAttribute('name') ?? '';
    if (!fields.has(name)) fields.set(name, (chosen ?? each).getAttribute('value') ?? each.text);
  }
  const method = (form.getAttribute('method') ?? 'get').toUpperCase();
  return { method, path: form.getAttribute('action') ?? here, fields };
}

/** A link that asks for something is a form without fields to type into. */
function linkIn(link: HTMLElement): Form {
  const { pathname, searchParams } = new URL(link.getAttribute('href') ?? '', 'http://localhost');
  return { method: 'GET', path: pathname, fields: new Map(searchParams) };
}

const timeout = 600_000;

test(
  'no field of any form and no part of any query makes a page fail, whatever stands in it',
  { timeout },
  async () => {
    const forms = (await formsOfPages()).filter(({ path }) => !ENDING.includes(path));
    const posts = routesOf(shop).filter(
      ({ method, path }) => method === 'POST' && ![...ENDING, ...UNSEEN].includes(path),
    );
    const isSentTo = (route: string) => {
      const pattern = new RegExp(`^${route.replace(/:\w+\{([^}]+)\}/, '($1)').replace(/:\w+/g, '[^/]+')}$`);
      return forms.some(({ method, path }) => method === 'POST' && pattern.test(path.replace(/\?.*/, '')));
    };
    expect(posts.map(({ path }) => path).filter((path) => !isSentTo(path))).toEqual([]);
    expect(forms.filter(({ method }) => method === 'GET').length).toBeGreaterThan(10);
    expect(await faultsOf(forms)).toEqual([]);
  },
);

test('no part of an address makes a page fail, nor do fields that it has not', { timeout }, async () => {
  const parts = Object.values(BAD).flatMap((bad) => (bad === undefined || bad === '' ? [] : [[bad].flat()[0] ?? '']));
  const asked = routesOf(shop)
    .filter(({ path }) => !ENDING.includes(path))
    .flatMap(({ method, path }) => {
      const unknown = leading(path).slice(0, 1);
      const bad = path.includes(':') ? parts.map((part) => path.replace(/:\w+(\{[^}]+\})?/g, part)) : [];
      return [...unknown, ...bad].map((address) => ({ method, address }));
    });
  const faults: string[] = [];
  await inParallel(AT_ONCE, asked.length, async (i) => {
    const { method, address } = asked[i] ?? { method: 'GET', address: '/' };
    const as = staffRoles[i % staffRoles.length] ?? 'admin';
    const said = 'username=a%00b&password=%ED%A0%80&unknown[]=1&unknown[a][b]=2&__proto__=3&constructor=4';
    const status = await send(method, address, said, as);
    if (status >= 500) faults.push(`${status} ${method} ${address} as ${as}`);
  });
  expect(faults).toEqual([]);
});

test.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'multipart/form-data', ''])(
  'a form sent as %s makes no page fail',
  async (type) => {
    const posts = routesOf(shop).filter(({ method, path }) => method === 'POST' && !ENDING.includes(path));
    for (const path of posts.flatMap((each) => leading(each.path).slice(0, 1))) {
      const headers = { Cookie: await shop.staffCookie('admin'), Origin: 'http://localhost', 'Content-Type': type };
      const { status } = await shop.app.request(path, { method: 'POST', headers, body: '--x\r\n{"step":' });
      expect(status, path).toBeLessThan(500);
    }
  },
);
