import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../../api/createApp.js';
import { createKeyring } from '../../../api/http/keys.js';
import type { AccountPaymentRow } from '../../../db/payment/accountPayments.js';
import { sortKeys } from '../../../db/payment/list.js';
import type { UsageRow } from '../../../db/payment/movements.js';
import { openShop, until, type Shop } from '../../support/shop.js';

let shop: Shop;
const issued: string[] = [];
beforeAll(async () => {
  shop = await openShop();
  for (let i = 0; i < 7; i++)
    issued.unshift((await shop.issue({ customerId: `L-${i % 2}`, amountMinor: 100 + i })).reference);
});
afterAll(() => shop.close());

type Page<Item> = { items: Item[]; next: string | null };
const list = async (query: string) => (await shop.get<Page<AccountPaymentRow>>(`/account-payments?${query}`)).body;
const references = (page: Page<AccountPaymentRow>) => page.items.map(({ reference }) => reference);

test('pages follow each other without a gap or a repeat while payments are added', async () => {
  const seen: string[] = [];
  for (let query = 'limit=3'; ;) {
    const page = await list(query);
    seen.push(...references(page));
    if (page.next === null) break;
    await shop.issue({ customerId: 'L-new' });
    query = `limit=3&cursor=${page.next}`;
  }
  expect(seen).toEqual(issued);
});

test('filters, and a search through references, ids, names and notes', async () => {
  const { reference } = await shop.issue({
    ...{
      customerId: 'F-1',
      type: 'product_specific',
      productId: 'BIKE-7',
      purpose: 'gift',
      currency: 'JPY',
      amountMinor: 5,
    },
    expiresAt: '2031-05-01',
    notes: '100%_blue',
  });
  await shop.request('PUT', '/customers/F-1', { body: { name: 'Ada Lovelace' } });
  await shop.request('PUT', '/products/BIKE-7', { body: { name: 'Touring bike' } });
  for (const query of [
    'customerId=F-1',
    'type=product_specific',
    'productId=BIKE-7',
    'purpose=gift',
    'currency=JPY',
    'expiresBefore=2031-06-01T00:00:00Z',
    `q=${reference.slice(4)}`,
    'q=lovelace',
    'q=touring',
    'q=100%25_b',
    'q=bike-7',
  ]) {
    expect(references(await list(query)), query).toEqual([reference]);
  }
  expect(references(await list('customerId=F-1&status=used'))).toEqual([]);
  expect(references(await list('q=100%25b'))).toEqual([]);
  expect((await list('customerId=L-0')).items).toHaveLength(4);
});

const ascending = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);

test.each(sortKeys)('sorted by %s, either way round, pages follow each other', async (key) => {
  const customerId = `sorted-${key}`;
  const expiries = ['2031-01-01', null, '2030-01-01', null, '2032-01-01'];
  for (const [i, expiresAt] of expiries.entries())
    await shop.issue({ customerId, amountMinor: 1 + (i % 3), expiresAt });
  const { items } = await list(`customerId=${customerId}`);
  const valueOf = (row: AccountPaymentRow) => row[key === 'customerName' ? 'customerId' : key] ?? 'z';
  const expected = items
    .toSorted((a, b) => ascending(valueOf(a), valueOf(b)) || ascending(a.reference, b.reference))
    .map(({ reference }) => reference);
  const seen = async (sort: string) => {
    const found: string[] = [];
    for (let cursor = ''; ;) {
      const page = await list(`customerId=${customerId}&limit=2&sort=${sort}${cursor}`);
      found.push(...references(page));
      if (page.next === null) return found;
      cursor = `&cursor=${page.next}`;
    }
  };
  expect(await seen(key)).toEqual(expected);
  expect(await seen(`-${key}`)).toEqual(expected.toReversed());
});

test('sorted by the names of customers, in whatever script, those without one come last both ways', async () => {
  const productId = 'by-name';
  const issue = async (customerId: string, name?: string) => {
    if (name !== undefined) await shop.request('PUT', `/customers/${customerId}`, { body: { name } });
    return (await shop.issue({ customerId, type: 'product_specific', productId })).reference;
  };
  const zoe = await issue('by-name-1', 'Zoë');
  const aes = await issue('by-name-2', 'Ärmel');
  const [nobody, nobodyElse] = [await issue('by-name-3'), await issue('by-name-4')];
  const armel = await issue('by-name-5', 'armel');
  const twins = [await issue('by-name-6', 'Max'), await issue('by-name-7', 'Max')].toSorted(ascending);
  const seen = async (sort: string) => {
    const found: string[] = [];
    for (let cursor = ''; ;) {
      const page = await list(`productId=${productId}&limit=2&sort=${sort}${cursor}`);
      found.push(...references(page));
      if (page.next === null) return found;
      expect(Buffer.from(page.next, 'base64url').toString()).not.toMatch(/Zo|rmel|Max/);
      cursor = `&cursor=${page.next}`;
    }
  };
  expect(await seen('customerName')).toEqual([armel, aes, ...twins, zoe, nobody, nobodyElse]);
  expect(await seen('-customerName')).toEqual([zoe, ...twins.toReversed(), aes, armel, nobodyElse, nobody]);
});

test('a cursor is of one list: in one that is sorted otherwise, or changed by hand, it is malformed', async () => {
  const { next } = await list('limit=1&sort=amountMinor');
  const cursor = (position: unknown) => Buffer.from(JSON.stringify(position)).toString('base64url');
  const reference = issued[0];
  for (const query of [
    `cursor=${next}`,
    `cursor=${next}&sort=-amountMinor`,
    `cursor=${cursor({ sort: 'amountMinor', value: 'soon', reference })}&sort=amountMinor`,
    `cursor=${cursor({ sort: 'amountMinor', value: 1.5, reference })}&sort=amountMinor`,
    `cursor=${cursor({ sort: 'expiresAt', value: 'soon', reference })}&sort=expiresAt`,
    `cursor=${cursor({ sort: 'issuedAt', value: '0000-01-01T00:00:00Z', reference })}&sort=issuedAt`,
    `cursor=${cursor({ sort: 'customerId', value: 'C-\0', reference })}&sort=customerId`,
    `cursor=${cursor({ sort: 'issuedAt', value: '2026-01-01T00:00:00Z', reference: 'x' })}&sort=issuedAt`,
  ])
    expect(await shop.get(`/account-payments?${query}`), query).toMatchObject({
      status: 400,
      body: { code: 'malformed_request', errors: [{ parameter: 'cursor' }] },
    });
});

test('a number or a time that no row can have is no position in any list', async () => {
  const at = `/account-payments/${issued[0]}`;
  const [reference, sequence, movedAt] = [issued[0], 1, '2026-01-01T00:00:00Z'];
  for (const [path, position] of [
    [`${at}/usages`, { sequence: 2 ** 31 }],
    [`${at}/movements`, { sequence: -1 }],
    [`${at}/commands`, { revision: 2 ** 31 }],
    ['/customers/C-1/account', { reference, sequence, movedAt: '0000-01-01T00:00:00Z' }],
    ['/customers/C-1/account', { reference, movedAt, sequence: 2 ** 31 }],
  ] as const) {
    const cursor = Buffer.from(JSON.stringify(position)).toString('base64url');
    expect(await shop.get(`${path}?cursor=${cursor}`), path).toMatchObject({
      status: 400,
      body: { code: 'malformed_request', errors: [{ parameter: 'cursor' }] },
    });
  }
});

test('usages and movements come oldest first unless asked, in pages', async () => {
  const { reference } = await shop.issue();
  for (let i = 1; i <= 5; i++) {
    await shop.post(`/account-payments/${reference}/apply`, {
      customerId: 'C-1',
      amountMinor: i,
      currency: 'EUR',
      saleId: 'S',
    });
  }
  const { body: first } = await shop.get<Page<UsageRow>>(`/account-payments/${reference}/usages?limit=3`);
  const { body: second } = await shop.get<Page<UsageRow>>(
    `/account-payments/${reference}/usages?limit=3&cursor=${first.next}`,
  );
  expect([...first.items, ...second.items].map(({ amountMinor }) => amountMinor)).toEqual([1, 2, 3, 4, 5]);
  expect(second.next).toBeNull();

  for (const list of ['usages', 'movements']) {
    const at = `/account-payments/${reference}/${list}?order=newest&limit=3`;
    const { body: newest } = await shop.get<Page<UsageRow>>(at);
    const { body: before } = await shop.get<Page<UsageRow>>(`${at}&cursor=${newest.next}`);
    const sequences = [...newest.items, ...before.items].map(({ sequence }) => sequence);
    expect(sequences, list).toEqual(list === 'usages' ? [6, 5, 4, 3, 2] : [6, 5, 4, 3, 2, 1]);
    expect(before.next).toBeNull();
  }
});

test('notes can be changed and taken away, and no rule minds', async () => {
  const { reference } = await shop.issue({ notes: 'one' });
  const at = `/account-payments/${reference}`;
  expect(await shop.request('PATCH', at, { body: { notes: 'two' } })).toMatchObject({
    status: 200,
    body: { notes: 'two' },
  });
  await shop.post(`${at}/apply`, { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: 'S' });
  expect(await shop.get(at)).toMatchObject({ body: { notes: 'two', balanceMinor: 9_999, source: 'actor' } });
  expect(await shop.request('PATCH', at, { body: { notes: null } })).toMatchObject({
    status: 200,
    body: { notes: null },
  });
  expect(
    await shop.request('PATCH', '/account-payments/ACC-20200101-00000000', { body: { notes: null } }),
  ).toMatchObject({ status: 404 });
});

test('names are upserted and read, and unknown ones are 404', async () => {
  expect(await shop.request('PUT', '/customers/N-1', { body: { name: 'Old' } })).toMatchObject({ status: 200 });
  expect(await shop.request('PUT', '/customers/N-1', { body: { name: 'Grace Hopper' } })).toMatchObject({
    body: { name: 'Grace Hopper' },
  });
  expect(await shop.get('/customers/N-1')).toMatchObject({ body: { customerId: 'N-1', name: 'Grace Hopper' } });
  expect(await shop.get('/customers/N-2')).toMatchObject({ status: 404, body: { code: 'customer_not_found' } });
  expect(await shop.get('/products/N-2')).toMatchObject({ status: 404, body: { code: 'product_not_found' } });
});

test('health calls need no key and name each dependency', async () => {
  const ask = async (path: string) => shop.app.request(path);
  expect(await (await ask('/healthz')).json()).toEqual({ status: 'alive' });
  expect(await (await ask('/readyz')).json()).toEqual({ status: 'ready', temporal: 'up', postgres: 'up' });
});

test('however many ask at once whether it is ready, each part is asked once, and not on the connections of commands', async () => {
  const asked: string[] = [];
  const told = new EventEmitter();
  const noted = (name: string) => {
    asked.push(name);
    return once(told, 'all');
  };
  const count = (name: string) =>
    new Proxy(shop.sql, {
      apply: () => noted(name),
    });
  const actors = { ...shop.actors, ping: () => noted('Temporal') as never };
  const app = createApp(
    { ...shop.parts, actors, sql: count('commands'), healthSql: count('Postgres') },
    createKeyring({ sql: shop.sql }),
  );
  const ready = { status: 'ready', temporal: 'up', postgres: 'up' };
  for (let round = 1; round <= 2; round++) {
    const asking = Array.from({ length: 100 }, async () => (await app.request('/readyz')).json());
    await until(() => Promise.resolve(asked.length >= 2));
    told.emit('all');
    expect(new Set((await Promise.all(asking)).map((each) => JSON.stringify(each)))).toEqual(
      new Set([JSON.stringify(ready)]),
    );
    expect(asked.splice(0).sort()).toEqual(['Postgres', 'Temporal']);
  }
});

test('measurements are for those who may see reports', async () => {
  const ask = (key?: string) =>
    shop.app.request('/metrics', { headers: key === undefined ? {} : { Authorization: `Bearer ${key}` } });
  expect((await ask()).status).toBe(401);
  const { till, manager, finance, admin } = shop.keys;
  for (const key of [till, manager]) expect((await ask(key)).status).toBe(403);
  for (const key of [finance, admin])
    expect(await (await ask(key)).text()).toContain('http_request_duration_seconds_bucket');
});
