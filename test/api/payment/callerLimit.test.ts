import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../../api/createApp.js';
import { createKeyring } from '../../../api/http/keys.js';
import { createCallerLimit } from '../../../service/payment/callerLimit.js';
import { openShop, type Shop } from '../../support/shop.js';

let shop: Shop;
beforeAll(async () => void (shop = await openShop()));
afterAll(() => shop.close());

test('one caller sends one payment so much and no more, by whatever call, and takes nothing of it from others', async () => {
  const [{ reference }, { reference: other }] = [await shop.issue(), await shop.issue()];
  const callerLimit = createCallerLimit({ most: 4 });
  const app = createApp({ ...shop.parts, callerLimit }, createKeyring({ sql: shop.sql }));
  const post = async (path: string, body: object, key = shop.keys.till, more: Record<string, string> = {}) => {
    const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', ...more };
    const sent = {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'Idempotency-Key': randomUUID(), ...headers },
    };
    return (await app.request(`/v1${path}`, sent)).status;
  };
  const spending = { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: 'S-1' };
  const basket = { customerId: 'C-1', currency: 'EUR', lines: [{ productId: 'bike', amountMinor: 9 }] };
  const drawing = (on: string) => ({ ...basket, payments: [{ reference: on, amountMinor: 1 }] });
  const repeated = [
    [`/account-payments/${reference}/apply`, spending],
    [`/sales/${randomUUID()}/settle`, drawing(reference)],
  ] as const;
  const first = ([path, body]: (typeof repeated)[number]) =>
    post(path, body, shop.keys.till, { 'Idempotency-Key': path });
  const sent = [
    await first(repeated[0]),
    await post(`/account-payments/${reference.toLowerCase()}/refund`, spending),
    await post(`/account-payments/${reference}/apply`, spending, shop.keys.till, { Prefer: 'respond-async' }),
    await first(repeated[1]),
  ];
  expect(sent).toEqual([200, 200, 202, 200]);
  // Who was not told in time what became of it hears it however much was sent since.
  for (const each of repeated) expect(await first(each)).toBe(200);
  expect(await post(`/account-payments/${reference}/refund`, spending)).toBe(429);
  expect(
    await post(`/account-payments/${reference}/apply`, spending, shop.keys.till, { Prefer: 'respond-async' }),
  ).toBe(429);
  expect(await post(`/sales/${randomUUID()}/hold`, drawing(reference))).toBe(429);
  expect(await post(`/sales/${randomUUID()}/hold`, drawing(other))).toBe(200);
  expect(await post(`/account-payments/${reference}/apply`, spending, shop.keys.manager)).toBe(200);
});

test('gifts count as what they ask of the payment, and one that was asked for before is told all the same', async () => {
  const { reference } = await shop.issue();
  const callerLimit = createCallerLimit({ most: 2 });
  const app = createApp({ ...shop.parts, callerLimit }, createKeyring({ sql: shop.sql }));
  const give = async (idempotencyKey: string, toCustomerId = 'C-2') => {
    const headers = {
      Authorization: `Bearer ${shop.keys.manager}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': idempotencyKey,
    };
    const gift = {
      reference: reference.toLowerCase(),
      customerId: 'C-1',
      toCustomerId,
      amountMinor: 1,
      currency: 'EUR',
    };
    return (await app.request('/v1/gifts', { method: 'POST', headers, body: JSON.stringify(gift) })).status;
  };
  expect([await give('first'), await give('second', 'C-3')]).toEqual([201, 201]);
  expect([await give('third'), await give('first')]).toEqual([429, 201]);
});

test('a day later it may send as much again; and whoever invents payments fills no memory', () => {
  let nowMs = 0;
  const limit = createCallerLimit({ most: 2, counted: 3, now: () => nowMs });
  const who = { caller: 'till-1', shop: { shopId: 'main' } } as Parameters<typeof limit>[0];
  const ask = (reference: string) => limit(who, [reference]);
  expect([ask('A'), ask('A'), ask('A')]).toEqual(['room', 'room', 'full']);
  for (let i = 0; i < 10; i++) expect([ask(`N-${i}`), ask('A')]).toEqual(['room', 'full']);
  nowMs += 24 * 60 * 60 * 1000;
  expect([ask('A'), ask('A'), ask('A')]).toEqual(['room', 'room', 'full']);
  for (let i = 0; i < 3; i++) ask(`N-${i}`);
  expect(ask('A')).toBe('room');
});
