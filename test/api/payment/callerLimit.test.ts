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
  const callerLimit = createCallerLimit({ most: 4 });
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

test('captures that leave the rest held and returns count as what they send, and a hold as its end too', async () => {
  const line = { customerId: 'C-1', currency: 'EUR', lines: [{ productId: 'bike', amountMinor: 9 }] };
  const open = async (most: number) => {
    const { reference } = await shop.issue();
    const app = createApp(
      { ...shop.parts, callerLimit: createCallerLimit({ most }) },
      createKeyring({ sql: shop.sql }),
    );
    const saleId = randomUUID();
    const post = async (path: string, body: object) => {
      const headers = {
        Authorization: `Bearer ${shop.keys.till}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': randomUUID(),
      };
      const address = path.startsWith('/') ? path : `/sales/${saleId}/${path}`;
      const reply = await app.request(`/v1${address}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: reply.status, body: (await reply.json()) as { sale?: { holdId: string } } };
    };
    return { post, basket: { ...line, payments: [{ reference, amountMinor: 9 }] }, reference };
  };
  const delivering = await open(4);
  const held = await delivering.post('hold', delivering.basket);
  const part = {
    customerId: 'C-1',
    holdId: held.body.sale?.holdId,
    keepRest: true,
    heldUntil: new Date(Date.now() + 86_400_000).toISOString(),
    payments: [{ reference: delivering.reference, amountMinor: 1 }],
  };
  const captured = [];
  for (let i = 0; i < 3; i++) captured.push((await delivering.post('capture', part)).status);
  expect([held.status, ...captured]).toEqual([200, 200, 200, 429]);
  // Whoever is past it still ends what is held.
  const { keepRest: _, heldUntil: __, ...last } = part;
  expect((await delivering.post('capture', last)).status).toBe(200);

  const returning = await open(3);
  expect((await returning.post('settle', returning.basket)).status).toBe(200);
  const cent = { customerId: 'C-1', currency: 'EUR', amountMinor: 1 };
  const returned = [];
  for (let i = 0; i < 3; i++) returned.push((await returning.post('return', cent)).status);
  expect(returned).toEqual([200, 200, 429]);
});

test('payments that are not there count for nothing', async () => {
  const callerLimit = createCallerLimit({ most: 1 });
  const app = createApp({ ...shop.parts, callerLimit }, createKeyring({ sql: shop.sql }));
  const reference = 'ACC-20200101-00000000';
  const basket = { customerId: 'C-1', currency: 'EUR', lines: [{ productId: 'bike', amountMinor: 9 }] };
  const asked: [string, object][] = [
    [`/account-payments/${reference}/apply`, { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: 'S-1' }],
    [`/sales/${randomUUID()}/settle`, { ...basket, payments: [{ reference, amountMinor: 1 }] }],
  ];
  for (const [path, body] of [...asked, ...asked]) {
    const headers = {
      Authorization: `Bearer ${shop.keys.till}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': randomUUID(),
    };
    expect((await app.request(`/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).status).not.toBe(
      429,
    );
  }
});

test('a day later it may send as much again; and whoever names much makes nothing forgotten of others', () => {
  let nowMs = 0;
  const { count } = createCallerLimit({ most: 2, counted: 3, now: () => nowMs });
  const ask = (reference: string, caller = 'till-1') =>
    count({ caller, shop: { shopId: 'main' } } as Parameters<typeof count>[0], {
      references: [reference],
      commands: 1,
    });
  expect([ask('A'), ask('A'), ask('A')]).toEqual(['room', 'room', 'full']);
  for (let i = 0; i < 10; i++) expect([ask(`N-${i}`), ask('A')]).toEqual(['room', 'full']);
  nowMs += 24 * 60 * 60 * 1000;
  expect([ask('A'), ask('A'), ask('A')]).toEqual(['room', 'room', 'full']);
  for (let i = 0; i < 10; i++) ask(`N-${i}`, 'till-2');
  expect(ask('A')).toBe('full');
});
