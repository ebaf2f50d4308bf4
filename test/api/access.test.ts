import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../api/createApp.js';
import { createKeyring, hashKey, keyIdOf, makeKey } from '../../api/http/keys.js';
import { insertApiKey, revokeApiKey } from '../../db/apiKeys.js';
import type { Role } from '../../domain/roles.js';
import { connect, disconnect } from '../../db/connect.js';
import { aDeposit, openShop, type Shop } from '../support/shop.js';

let shop: Shop;
let reference: string;
beforeAll(async () => {
  shop = await openShop();
  ({ reference } = await shop.issue());
});
afterAll(() => shop.close());

const spending = { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: 'S-1' };
const NOBODYS = 'ACC-20200101-00000000';
const line = { productId: 'bike', amountMinor: 10 };
const sale = { customerId: 'C-1', currency: 'EUR', lines: [line], payments: [{ reference: NOBODYS, amountMinor: 10 }] };
const ofHold = { customerId: 'C-1', holdId: 'h' };
const ofReturn = { customerId: 'C-1', currency: 'EUR' };
const roles: Role[] = ['till', 'manager', 'finance', 'admin'];

/** Who may: the answer of each role, in the order till, manager, finance, admin. */
const calls: [name: string, send: (key: string) => Promise<{ status: number }>, statuses: number[]][] = [
  ['issue', (key) => shop.post('/account-payments', aDeposit, { key }), [201, 201, 403, 201]],
  ['list', (key) => shop.get('/account-payments', { key }), [200, 200, 200, 200]],
  ['read', (key) => shop.get(`/account-payments/${reference}`, { key }), [200, 200, 200, 200]],
  ['apply', (key) => shop.post(`/account-payments/${reference}/apply`, spending, { key }), [200, 200, 403, 200]],
  [
    'refund',
    (key) =>
      shop.post(
        `/account-payments/${reference}/refund`,
        { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: 'S-1' },
        { key },
      ),
    [200, 200, 403, 200],
  ],
  [
    'extend',
    (key) =>
      shop.post(`/account-payments/${reference}/extend`, { customerId: 'C-1', expiresAt: null, reason: 'x' }, { key }),
    [403, 422, 403, 422],
  ],
  [
    'cancel',
    (key) =>
      shop.post(
        `/account-payments/ACC-20200101-00000000/cancel`,
        { customerId: 'C-1', disposition: 'paid_out', tender: 'cash', reason: 'x' },
        { key },
      ),
    [403, 404, 403, 404],
  ],
  [
    'expire',
    (key) => shop.post(`/account-payments/ACC-20200101-00000000/expire`, { reason: 'x' }, { key }),
    [403, 404, 403, 404],
  ],
  [
    'notes',
    (key) => shop.request('PATCH', `/account-payments/${reference}`, { key, body: { notes: 'x' } }),
    [403, 200, 403, 200],
  ],
  [
    'put customer',
    (key) => shop.request('PUT', '/customers/C-1', { key, body: { name: 'Ada' } }),
    [403, 200, 403, 200],
  ],
  ['get customer', (key) => shop.get('/customers/C-1', { key }), [200, 200, 200, 200]],
  ['put product', (key) => shop.request('PUT', '/products/P-1', { key, body: { name: 'Bike' } }), [403, 200, 403, 200]],
  [
    'quote',
    (key) => shop.post('/sales/S-access-no/quote', { customerId: 'C-1', currency: 'EUR', lines: [line] }, { key }),
    [200, 200, 200, 200],
  ],
  ['hold', (key) => shop.post('/sales/S-access-no/hold', sale, { key }), [404, 404, 403, 404]],
  ['settle', (key) => shop.post('/sales/S-access-no/settle', sale, { key }), [404, 404, 403, 404]],
  ['capture', (key) => shop.post('/sales/S-access-nobody/capture', ofHold, { key }), [404, 404, 403, 404]],
  ['release', (key) => shop.post('/sales/S-access-nobody/release', ofHold, { key }), [404, 404, 403, 404]],
  ['return', (key) => shop.post('/sales/S-access-nobody/return', ofReturn, { key }), [404, 404, 403, 404]],
  ['read a sale', (key) => shop.get('/sales/S-access-nobody', { key }), [404, 404, 404, 404]],
  [
    'give',
    (key) =>
      shop.post(
        '/gifts',
        { reference: NOBODYS, customerId: 'C-1', toCustomerId: 'C-2', amountMinor: 1, currency: 'EUR' },
        { key },
      ),
    [403, 404, 403, 404],
  ],
  ['read a gift', (key) => shop.get('/gifts/nobody', { key }), [404, 404, 404, 404]],
  ['account', (key) => shop.get('/customers/C-1/account', { key }), [200, 200, 200, 200]],
  ['customer data', (key) => shop.get('/customers/C-1/data', { key }), [403, 200, 403, 200]],
  ['applicable', (key) => shop.get('/customers/C-1/applicable-payments?currency=EUR', { key }), [200, 200, 200, 200]],
  ['get product', (key) => shop.get('/products/P-1', { key }), [200, 200, 200, 200]],
];

test.each(calls)('%s answers each role as its role may', async (_, send, statuses) => {
  const answers: number[] = [];
  for (const role of roles) answers.push((await send(shop.keys[role])).status);
  expect(answers).toEqual(statuses);
});

test.each([
  ['no header', undefined],
  ['no scheme', 'x'],
  ['another scheme', 'Basic YTpi'],
  ['no key', 'Bearer nonsense'],
  ['a key that nobody has', `Bearer ${makeKey()}`],
])('%s is 401 with a challenge', async (_, authorization) => {
  const response = await shop.app.request(`/v1/account-payments/${reference}`, {
    headers: authorization === undefined ? {} : { Authorization: authorization },
  });
  expect(response.status).toBe(401);
  expect(response.headers.get('WWW-Authenticate')).toBe('Bearer');
  expect(await response.json()).toMatchObject({ code: 'unauthorized' });
});

test('the right id with another secret opens nothing', async () => {
  const forged = `${shop.keys.admin.slice(0, 12)}${makeKey().slice(12)}`;
  expect(keyIdOf(forged)).toBe(keyIdOf(shop.keys.admin));
  expect((await shop.get('/account-payments', { key: forged })).status).toBe(401);
});

test('only a hash of a key is kept, and a revoked key is taken for at most a minute more', async () => {
  const key = makeKey();
  await insertApiKey(shop.sql, {
    keyId: keyIdOf(key),
    keyHash: hashKey(key),
    caller: 'till-9',
    role: 'till',
    shopId: shop.shopId,
    origin: 'command',
    expiresAt: null,
  });
  const [row] = await shop.sql<
    { all: string }[]
  >`select api_keys::text as all from api_keys where key_id = ${keyIdOf(key)}`;
  expect(row?.all).not.toContain(key.slice(12));
  let nowMs = 0;
  const { whoHas } = createKeyring({ sql: shop.sql, now: () => nowMs });
  expect(await whoHas(key)).toMatchObject({
    keyId: keyIdOf(key),
    name: 'till-9',
    role: 'till',
    shop: { shopId: shop.shopId },
  });
  expect(await revokeApiKey(shop.sql, keyIdOf(key))).toBe(true);
  nowMs = 59_999;
  expect(await whoHas(key)).toBeDefined();
  nowMs = 60_001;
  expect(await whoHas(key)).toBeUndefined();
});

test('while Postgres is away a key that was seen is good for a day more, and one that was not is an outage', async () => {
  const sql = connect(shop.databaseUrl, { name: 'ring', connections: 1 });
  let nowMs = 0;
  const { whoHas } = createKeyring({ sql, now: () => nowMs });
  expect(await whoHas(shop.keys.till)).toMatchObject({ name: 'till-1' });
  await disconnect(sql);
  nowMs = 10 * 60_000;
  expect(await whoHas(shop.keys.till)).toMatchObject({ name: 'till-1' });
  await expect(whoHas(shop.keys.manager)).rejects.toThrow();
  for (nowMs = 0; nowMs < 24 * 3_600_000; nowMs += 3_600_000) await whoHas(shop.keys.till);
  nowMs += 3_600_000;
  await expect(whoHas(shop.keys.till)).rejects.toThrow();
});

test('while Postgres hangs a key that was seen is good as well, and no longer than a day', async () => {
  const sql = connect(shop.databaseUrl, { name: 'ring', connections: 1 });
  const hanging = await shop.sql.reserve();
  try {
    let nowMs = 0;
    const { whoHas } = createKeyring({ sql, now: () => nowMs });
    expect(await whoHas(shop.keys.till)).toMatchObject({ name: 'till-1' });
    await hanging`begin`;
    await hanging`lock table api_keys in access exclusive mode`;
    nowMs = 10 * 60_000;
    expect(await whoHas(shop.keys.till)).toMatchObject({ name: 'till-1' });
    nowMs = 25 * 3_600_000;
    await expect(whoHas(shop.keys.till)).rejects.toThrow();
  } finally {
    await hanging`rollback`;
    hanging.release();
    await disconnect(sql);
  }
});

test('no key speaks as the clock, an operator, the books, a person or a workflow', async () => {
  for (const caller of ['clock', 'operator', 'books', 'staff:7', 'sale/1', 'gift/1'])
    await expect(shop.keyOf('till', caller), caller).rejects.toThrow('check constraint');
});

test('a key that Postgres no longer knows is not good again when Postgres is away', async () => {
  const sql = connect(shop.databaseUrl, { name: 'ring', connections: 1 });
  const key = await shop.keyOf('till', 'till-8');
  let nowMs = 0;
  const { whoHas } = createKeyring({ sql, now: () => nowMs });
  expect(await whoHas(key)).toMatchObject({ name: 'till-8' });
  await shop.sql`delete from api_keys where key_id = ${keyIdOf(key)}`;
  nowMs = 60_001;
  expect(await whoHas(key)).toBeUndefined();
  await disconnect(sql);
  await expect(whoHas(key)).rejects.toThrow();
});

test('who did it is in the records: the caller of the key, and the staff for whom', async () => {
  const { reference: mine } = await shop.issue({ staffId: 'anna' });
  await shop.post(`/account-payments/${mine}/apply`, { ...spending, staffId: 'ben' }, { key: shop.keys.till });
  expect(await shop.get(`/account-payments/${mine}`)).toMatchObject({
    body: { createdBy: { caller: 'admin-1', staffId: 'anna' } },
  });
  expect(await shop.get(`/account-payments/${mine}/movements`)).toMatchObject({
    body: {
      items: [
        { caller: 'admin-1', staffId: 'anna' },
        { caller: 'till-1', staffId: 'ben' },
      ],
    },
  });
});

test('who asks for a payment that is not theirs stands in the log by name, and nothing of what was sent', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });
  const app = createApp({ ...shop.parts, log }, createKeyring({ sql: shop.sql }));
  const headers = {
    Authorization: `Bearer ${shop.keys.till}`,
    'Content-Type': 'application/json',
    'Idempotency-Key': randomUUID(),
  };
  const body = JSON.stringify({ ...spending, customerId: 'C-stranger' });
  const reply = await app.request(`/v1/account-payments/${reference}/apply`, { method: 'POST', headers, body });
  expect(reply.status).toBe(404);
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { msg: 'request', status: 404, problem: 'payment_not_found', caller: 'till-1' },
  ]);
  for (const secret of [shop.keys.till, reference, 'C-stranger', headers['Idempotency-Key']])
    expect(lines.join()).not.toContain(secret);
});
