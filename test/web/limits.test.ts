import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFairShare } from '../../service/limits/fairShare.js';
import { createRateLimit } from '../../service/limits/rateLimits.js';
import { createPages } from '../../web/createPages.js';
import { createPageLimits, type PageLimits } from '../../web/http/limits.js';
import { enter } from '../support/desk.js';
import { openPages } from '../support/pages.js';
import { openShop, type Shop } from '../support/shop.js';

let shop: Shop;
beforeAll(async () => void (shop = await openShop({ worker: 'none' })));
afterAll(() => shop.close());

function open(most: number, waiting: number, mostForms = 600) {
  const rate = createRateLimit({ name: 'pages', most, windowS: 600 });
  const forms = createRateLimit({ name: 'forms', most: mostForms, windowS: 600 });
  const share = createFairShare({ alone: 1, inCompany: 1, waiting, patienceMs: 60_000 });
  const parts = { ...shop.parts, desk: shop.desk, publicUrl: undefined, temporalUiUrl: undefined };
  const { staffCookie, staffMember } = shop;
  return openPages({
    staffCookie,
    staffMember,
    app: createPages(parts, { ...createPageLimits(), rate, forms, share }),
  });
}

test('past their bound somebody is told so in a page, in their language; others, forms and styles are not in it', async () => {
  const { get, post } = open(2, 20);
  for (let i = 0; i < 2; i++) expect((await get('/help')).status).toBe(200);
  const refused = await get('/help');
  expect(refused).toMatchObject({ status: 429, text: expect.stringContaining('Too much at once') as string });
  expect(refused.headers.get('Retry-After')).toBe('1');
  const german = await get('/help', { headers: { 'Accept-Language': 'de' } });
  expect(german).toMatchObject({ status: 429, text: expect.stringContaining('Zu viel auf einmal') as string });
  expect((await get('/help', { as: 'cashier' })).status).toBe(200);
  expect((await get('/assets/style.css')).status).toBe(200);
  expect((await post('/language', { language: 'de', to: '/help' })).status).toBe(303);
});

test('forms, and what is looked up while they are typed, have a bound of their own', async () => {
  const { get, post } = open(100, 20, 3);
  const quick = { headers: { 'HX-Request': 'true' } };
  const look = (more = {}) => post('/till', { step: 'seekCustomer', customer: 'an' }, more);
  for (let i = 0; i < 3; i++) expect((await look(i === 0 ? {} : quick)).status).not.toBe(429);
  expect((await look(quick)).status).toBe(429);
  expect((await look()).status).toBe(429);
  expect((await get('/help')).status).toBe(200);
  expect((await look({ as: 'cashier' })).status).not.toBe(429);
});

test('pages at once wait for each other, and past what may wait it is said at once', async () => {
  const { get } = open(100, 2);
  const statuses = await Promise.all(Array.from({ length: 5 }, async () => (await get('/customers?q=a')).status));
  expect(statuses.sort()).toEqual([200, 200, 200, 429, 429]);
});

/** Pages that hear browsers from addresses. */
function openFrom(limits: Partial<PageLimits>) {
  const parts = { ...shop.parts, desk: shop.desk, publicUrl: undefined, temporalUiUrl: undefined };
  const app = createPages(parts, { ...createPageLimits(), ...limits });
  const Origin = 'http://localhost';
  return async (path: string, from: string, cookie = '', typed?: Record<string, string>) => {
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const headers = { ...(cookie && { Cookie: cookie }), ...(typed && { Origin, ...type }) };
    const init = { headers, ...(typed && { method: 'POST', body: new URLSearchParams(typed).toString() }) };
    return (await app.request(path, init, { incoming: { socket: { remoteAddress: from } } })).status;
  };
}
const few = (name: string) => createRateLimit({ name, most: 3, windowS: 600 });
const [here, elsewhere] = ['192.0.2.1', '192.0.2.2'];

test('a person has one bound, with however many sessions and from wherever', async () => {
  const ask = openFrom({ rate: few('pages') });
  const { username, password, cookie } = await shop.staffMember('manager');
  const again = (await enter(shop.desk, username, password)).get('cookie') ?? '';
  expect(again).not.toBe(cookie);
  for (const [session, from] of [
    [cookie, here],
    [again, here],
    [again, elsewhere],
  ] as const)
    expect(await ask('/help', from, session)).toBe(200);
  for (const session of [cookie, again]) expect(await ask('/help', here, session)).toBe(429);
  expect(await ask('/help', here, await shop.staffCookie('cashier'))).toBe(200);
});

test('cookies that are nobody’s are counted by address; who was seen goes on from there, and others elsewhere', async () => {
  const ask = openFrom({ strangers: few('strangers') });
  const [seen, unseen] = [await shop.staffCookie('manager'), await shop.staffCookie('cashier')];
  expect(await ask('/customers', here, seen)).toBe(200);
  const name = seen.split('=')[0] ?? '';
  for (let i = 0; i < 3; i++) expect(await ask('/customers', here, `${name}=invented-${i}`)).toBe(303);
  expect(await ask('/customers', here, `${name}=invented`)).toBe(429);
  expect(await ask('/customers', here, seen)).toBe(200);
  expect(await ask('/customers', elsewhere, `${name}=invented`)).toBe(303);
  expect(await ask('/customers', elsewhere, unseen)).toBe(200);
});

test('passwords are counted by address, and by person once they are signed in, whosever are tried', async () => {
  const ask = openFrom({ passwords: few('passwords') });
  let people = 0;
  const wrong = (from: string) =>
    ask('/sign-in', from, '', { username: `nobody-${(people += 1)}`, password: 'wrong-wrong-wrong' });
  const { username, password, cookie } = await shop.staffMember('manager');
  for (let i = 0; i < 3; i++) expect(await wrong(here)).toBe(422);
  expect(await wrong(here)).toBe(429);
  // A right one costs as much.
  expect(await ask('/sign-in', here, '', { username, password })).toBe(429);
  expect(await ask('/sign-in', elsewhere, '', { username, password })).toBe(303);
  const own = () =>
    ask('/own-password', here, cookie, {
      current: 'wrong-wrong-wrong',
      next: 'quite-another-one',
      again: 'quite-another-one',
    });
  const statuses = [await own(), await own(), await own(), await own()];
  expect(statuses).toEqual([422, 422, 422, 429]);
  expect(await ask('/help', here, cookie)).toBe(200);
});
