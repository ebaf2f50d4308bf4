import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFairShare } from '../../service/limits/fairShare.js';
import { createRateLimit } from '../../service/limits/rateLimits.js';
import { createPages } from '../../web/createPages.js';
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
  return openPages({ staffCookie, staffMember, app: createPages(parts, { rate, forms, share }) });
}

test('past its bound a browser is told so in a page, in its language; others, forms and styles are not in it', async () => {
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
