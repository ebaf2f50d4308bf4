import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../api/createApp.js';
import { createKeyring } from '../../api/http/keys.js';
import { openShop, type Shop } from '../support/shop.js';

let shop: Shop;
let app: Shop['app'];
beforeAll(async () => {
  shop = await openShop({ worker: 'none' });
  app = createApp(shop.parts, createKeyring({ sql: shop.sql }), { names: ['shop.example'] });
});
afterAll(() => shop.close());

const addresses = [
  '/v1/account-payments',
  '/docs',
  '/docs/start.js',
  '/openapi.json',
  '/healthz',
  '/readyz',
  '/metrics',
];
const forProbes = ['/healthz', '/readyz', '/metrics'];
const ask = (path: string, host: string) =>
  app.request(`http://${host}${path}`, { headers: { Authorization: `Bearer ${shop.keys.admin}` } });

test.each(addresses)(
  '%s answers to our names, and to another only where that tells a browser nothing',
  async (path) => {
    for (const host of ['shop.example', 'localhost:3000', '127.0.0.1:3000', '[::1]:3000'])
      expect((await ask(path, host)).status, host).toBe(200);
    for (const host of [
      'rebound.example',
      'shop.example.rebound.example',
      '127.0.0.1.rebound.example',
      '10.0.0.7:3000',
    ])
      expect((await ask(path, host)).status, host).toBe(forProbes.includes(path) ? 200 : 421);
  },
);

test('a command under another name is refused before its key is looked at', async () => {
  const reply = await app.request('http://rebound.example/v1/account-payments', { method: 'POST', body: '{}' });
  expect(reply.status).toBe(421);
  expect(await reply.json()).toMatchObject({ code: 'unknown_host' });
});

test.each([...addresses, '/v1/nothing', '/v1/sales/S-1'])(
  '%s is in no frame, and is what it says it is',
  async (path) => {
    for (const host of ['shop.example', 'rebound.example']) {
      const { headers } = await ask(path, host);
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('X-Frame-Options')).toBe('DENY');
      expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('Referrer-Policy')).toBe('no-referrer');
    }
  },
);
