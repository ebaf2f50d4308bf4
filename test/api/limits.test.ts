import { randomUUID } from 'node:crypto';
import { setImmediate, setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Hono } from 'hono';
import { createApp } from '../../api/createApp.js';
import { authenticate, type Variables } from '../../api/http/access.js';
import { createKeyring, makeKey } from '../../api/http/keys.js';
import { boundLists, createLimits, type Limits } from '../../api/http/limits.js';
import { bounded } from '../../db/bounded.js';
import { connect, disconnect } from '../../db/connect.js';
import { openConnections, type Connections } from '../../service/connections.js';
import type { Parts } from '../../service/parts.js';
import { createFairShare } from '../../service/limits/fairShare.js';
import { createRefusalPause } from '../../service/limits/refusalPause.js';
import { createRateLimit } from '../../service/limits/rateLimits.js';
import { createRecordedWatch } from '../../service/recordedWatch.js';
import { createRequestKeys } from '../../service/requestKeys.js';
import { aDeposit, openShop, until, type Shop } from '../support/shop.js';

let shop: Shop;
/** As a process has them: apart. */
let connections: Connections;
beforeAll(async () => {
  shop = await openShop();
  connections = openConnections(shop.databaseUrl);
});
afterAll(async () => {
  await connections.close();
  await shop.close();
});

/** Another API of the same shop, which listens to callers from an address. */
function open(limits: Partial<Limits> = {}, more: Partial<Parts> = {}) {
  const { keysSql, ...reached } = connections;
  const { sql } = reached;
  const watches = { untilRecorded: createRecordedWatch({ sql }), requestKeys: createRequestKeys({ sql }) };
  const keyring = createKeyring({ sql: keysSql });
  const app = createApp({ ...shop.parts, ...reached, ...watches, ...more }, keyring, {
    limits: { ...createLimits(), ...limits },
  });
  type Asked = {
    key?: string;
    from?: string;
    body?: object;
    /** `null` where there is none. */
    idempotencyKey?: string | null;
    signal?: AbortSignal;
  };
  return async (path: string, asked: Asked = {}) => {
    const { key = shop.keys.till, from = '192.0.2.1', body, idempotencyKey = randomUUID(), signal } = asked;
    const headers = {
      Authorization: `Bearer ${key}`,
      ...(body && { 'Content-Type': 'application/json' }),
      ...(body && idempotencyKey !== null && { 'Idempotency-Key': idempotencyKey }),
    };
    const init = { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }), ...(signal && { signal }) };
    return app.request(`/v1${path}`, init, { incoming: { socket: { remoteAddress: from } } });
  };
}
const few = (name: string) => createRateLimit({ name, most: 3, windowS: 600 });
const statusesOf = async (asked: readonly Promise<Response>[]) =>
  (await Promise.all(asked)).map(({ status }) => status);

test('every answer tells what is left, of calls and of lists', async () => {
  const ask = open();
  const read = await ask('/account-payments/ACC-20200101-00000000');
  expect(read.headers.get('RateLimit-Policy')).toBe('"calls";q=2000;w=10');
  expect(read.headers.get('RateLimit')).toMatch(/^"calls";r=1999;t=\d+$/);
  const listed = await ask('/account-payments');
  expect(listed.headers.get('RateLimit-Policy')).toBe('"calls";q=2000;w=10, "lists";q=600;w=10');
  expect(listed.headers.get('RateLimit')).toMatch(/^"calls";r=1998;t=\d+, "lists";r=599;t=\d+$/);
});

type Documents = {
  paths: Record<
    string,
    { get?: { parameters?: { name: string }[] }; post?: { responses: Record<string, { description: string }> } }
  >;
};
const documents = async () => (await (await shop.app.request('/openapi.json')).json()) as Documents;

test('whatever gives a page of many is bounded as a list', async () => {
  const { paths } = await documents();
  const paged = Object.entries(paths).filter(([, { get }]) => get?.parameters?.some(({ name }) => name === 'limit'));
  expect(paged.length).toBeGreaterThan(5);
  for (const [path] of paged) {
    const address = path.replace('{reference}', 'ACC-20200101-00000000').replace(/\{\w+\}/g, 'C-1');
    const { headers } = await shop.app.request(address, { headers: { Authorization: `Bearer ${shop.keys.till}` } });
    expect(headers.get('RateLimit-Policy'), path).toContain('"lists"');
  }
});

test('whatever issues a payment waits for its turn to, and nothing else does', async () => {
  const ask = open({ issueShare: createFairShare({ alone: 0, inCompany: 0, waiting: 0, patienceMs: 0 }) });
  const { paths } = await documents();
  const posts = Object.entries(paths).flatMap(([path, { post }]) => (post ? [{ path, post }] : []));
  const issuing = posts.filter(({ post }) => post.responses[201]?.description.startsWith('Issued'));
  expect(issuing.length).toBeGreaterThanOrEqual(3);
  for (const { path, post } of posts) {
    const address = path
      .replace('/v1', '')
      .replace('{reference}', 'ACC-20200101-00000000')
      .replace(/\{\w+\}/g, 'C-1');
    const { status } = await ask(address, { body: {}, key: shop.keys.admin });
    expect(status === 429, path).toBe(issuing.some((each) => each.post === post));
  }
});

test.each([
  ['calls', '/account-payments/ACC-20200101-00000000', 404],
  ['lists', '/account-payments?limit=1', 200],
  ['lists', '/customers?q=nobody', 200],
  ['lists', '/products?q=nothing', 200],
  ['lists', '/customers/C-1/account', 200],
  ['lists', '/account-payments/ACC-20200101-00000000/movements', 404],
  ['lists', '/account-payments/ACC-20200101-00000000/usages', 404],
  ['lists', '/account-payments/ACC-20200101-00000000/commands', 404],
] as const)(
  'past the bound of %s %s is 429 for this caller, whatever its key, and for nobody else',
  async (name, path, status) => {
    const ask = open({ [name]: few(name) });
    const rotated = await shop.keyOf('till', 'till-1');
    for (let i = 0; i < 3; i++) expect((await ask(path)).status).toBe(status);
    const refused = await ask(path, { key: rotated });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(1);
    expect(refused.headers.get('RateLimit')).toContain(`"${name}";r=0;t=`);
    expect(await refused.json()).toMatchObject({ code: 'too_many_requests', status: 429 });
    expect((await ask(path, { key: shop.keys.manager })).status).toBe(status);
    if (name === 'lists') expect((await ask('/account-payments/ACC-20200101-00000000')).status).toBe(404);
  },
);

test('refused keys are counted by address, by network in IPv6; keys that are known to be good go on from there', async () => {
  const ask = open({ refusedKeys: few('refused-keys') });
  for (const [from, neighbour] of [
    ['192.0.2.7', '::ffff:192.0.2.7'],
    ['2001:db8:1:2::7', '2001:db8:1:2:aaaa::1'],
  ] as const) {
    expect((await ask('/account-payments', { from })).status).toBe(200);
    const guesses = [makeKey(), 'nonsense', `${shop.keys.till.slice(0, 12)}${makeKey().slice(12)}`];
    expect(await statusesOf(guesses.map((key) => ask('/account-payments', { key, from })))).toEqual([401, 401, 401]);
    const refused = await ask('/account-payments', { key: makeKey(), from: neighbour });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(1);
    expect((await ask('/account-payments', { from })).status).toBe(200);
    expect((await ask('/account-payments', { key: makeKey(), from: '192.0.2.8' })).status).toBe(401);
  }
});

test('keys that nobody had time to ask about are counted with those that open nothing, at /metrics too', async () => {
  const gone = connect(shop.databaseUrl, { name: 'gone', connections: 1 });
  await disconnect(gone);
  for (const [keyring, status] of [
    [createKeyring({ sql: gone }), 503],
    [createKeyring({ sql: shop.sql }), 401],
  ] as const)
    for (const path of ['/v1/account-payments', '/metrics']) {
      const limits = { ...createLimits(), refusedKeys: few('refused-keys') };
      const app = createApp(shop.parts, keyring, { limits });
      const guess = async () => (await app.request(path, { headers: { Authorization: `Bearer ${makeKey()}` } })).status;
      expect([await guess(), await guess(), await guess(), await guess()]).toEqual([status, status, status, 429]);
    }
});

test('who is refused and comes again at once hears one refusal a connection in a time; nobody else waits for it', async () => {
  const refusals = createRefusalPause({ leastMs: 3_600_000, most: 7 });
  const ask = open({ lists: few('lists'), refusedKeys: few('refused-keys'), refusals });
  for (let i = 0; i < 3; i++) expect((await ask('/account-payments?limit=1')).status).toBe(200);
  for (let i = 0; i < 3; i++) expect((await ask('/gifts/none', { key: makeKey() })).status).toBe(401);
  const heard: Response[] = [];
  let standing: 'here' | 'gone' = 'here';
  const spin = async (i: number) => {
    while (standing === 'here')
      heard.push(await (i % 2 === 0 ? ask('/account-payments?limit=1') : ask('/gifts/none', { key: makeKey() })));
  };
  const spinning = Array.from({ length: 7 }, (_, i) => spin(i));
  for (let i = 0; i < 20; i++) expect((await ask('/account-payments/ACC-20200101-00000000')).status).toBe(404);
  expect(heard).toEqual([]);

  const past = await ask('/account-payments?limit=1');
  expect([past.status, past.headers.get('Connection')], 'no room to wait').toEqual([429, 'close']);
  standing = 'gone';
  refusals.end();
  await Promise.all(spinning);
  expect(heard.map(({ status, headers }) => [status, headers.get('Connection')])).toEqual(
    Array<unknown>(7).fill([429, null]),
  );
});

test('a refusal tells what is left when it is told, not when it came', async () => {
  const refusals = createRefusalPause({ leastMs: 3_600_000 });
  const ask = open({ lists: createRateLimit({ name: 'lists', most: 1, windowS: 600 }), refusals });
  const leftOf = ({ headers }: Response) => Number(/"lists";r=0;t=(\d+)$/.exec(headers.get('RateLimit') ?? '')?.[1]);
  const fits = await ask('/account-payments?limit=1');
  const asked = ask('/account-payments?limit=1');
  await pause(1_001);
  refusals.end();
  const refused = await asked;
  expect([fits.status, refused.status]).toEqual([200, 429]);
  expect(leftOf(refused)).toBeLessThan(leftOf(fits));
  expect(refused.headers.get('Retry-After')).toBe(String(leftOf(refused)));
});

test('beside others a caller lists one at a time', async () => {
  const { share, listShare } = createLimits();
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resume) => (end = resume));
  const begun: string[] = [];
  const list = (caller: string) =>
    listShare.inTurn(caller, () => {
      begun.push(caller);
      return ended;
    });
  const alone = [list('shop'), list('shop'), list('shop'), list('shop')];
  await setImmediate();
  expect(begun).toEqual(['shop', 'shop', 'shop']);
  const selling = share.inTurn('till', () => ended);
  const beside = [list('web-shop'), list('web-shop'), list('web-shop')];
  await setImmediate();
  expect(begun.slice(3)).toEqual(['web-shop']);
  end();
  await Promise.all([selling, ...alone, ...beside]);
  expect(begun).toHaveLength(7);
});

test('beside others the turn to list rests for as long as it was used, where more wait', async () => {
  const limits = createLimits();
  let end: () => void = () => undefined;
  const selling = limits.share.inTurn('till', () => new Promise<void>((resume) => (end = resume)));
  const used: { fromMs: number; untilMs: number }[] = [];
  const app = new Hono<Variables>();
  app.use(authenticate(createKeyring({ sql: shop.sql })), boundLists(limits));
  app.get('/', async (c) => {
    const fromMs = performance.now();
    await pause(100);
    used.push({ fromMs, untilMs: performance.now() });
    return c.text('listed');
  });
  const list = () => app.request('/', { headers: { Authorization: `Bearer ${shop.keys.till}` } });
  await Promise.all([list(), list(), list()]);
  end();
  await selling;
  for (const [i, { fromMs, untilMs }] of used.slice(0, 2).entries())
    expect((used[i + 1]?.fromMs ?? 0) - untilMs).toBeGreaterThan((untilMs - fromMs) / 2);
});

test('of commands is noted whether they were done or refused, and of nothing else anything', async () => {
  const noted: string[] = [];
  const fruitless = { note: (_: string, outcome: string) => void noted.push(outcome), isFruitless: () => false };
  const ask = open({ fruitless });
  const { reference } = await shop.issue();
  const spending = (amountMinor: number) => ({ customerId: 'C-1', amountMinor, currency: 'EUR', saleId: 'NOTED-1' });
  const apply = async (amountMinor: number, to = reference, key: string = randomUUID()) =>
    (await ask(`/account-payments/${to}/apply`, { body: spending(amountMinor), idempotencyKey: key })).status;
  expect(await apply(10_000_000)).toBe(409);
  expect(await apply(1, 'ACC-20200101-00000000')).toBe(404);
  expect(await apply(1, reference, 'noted-1')).toBe(200);
  expect(noted.splice(0)).toEqual(['refused', 'refused', 'done']);
  expect(await apply(1, reference, 'noted-1'), 'a repeat').toBe(200);
  expect((await ask(`/account-payments/${reference}`)).status).toBe(200);
  expect((await ask('/account-payments')).status).toBe(200);
  const basket = { customerId: 'C-1', currency: 'EUR', lines: [{ productId: 'bike', amountMinor: 300 }] };
  expect((await ask('/sales/NOTED-2/quote', { body: basket, idempotencyKey: null })).status).toBe(200);
  expect(noted).toEqual([]);
});

/** Postgres itself would end it in the time of this test neither. */
test('what a search that gave up still asks for is taken back with its turn', async () => {
  const [name, patienceMs] = ['account-payments-patient-lists', 400_000];
  const patient = connect(shop.databaseUrl, { name, connections: 1, statementMs: patienceMs });
  const listSql = bounded(patient, { atOnce: 1, waiting: 1, patienceMs, whenAskerGoes: 'take_back' });
  const ask = open({}, { listSql });
  const hanging = await shop.sql.reserve();
  try {
    await hanging`begin`;
    await hanging`lock table customers in access exclusive mode`;
    expect((await ask('/customers?q=a')).status).toBe(503);
    const waiting = () => shop.sql`
      select from pg_stat_activity where application_name = ${name} and state = 'active'`;
    await until(async () => (await waiting()).length === 0);
  } finally {
    await hanging`rollback`;
    hanging.release();
    await disconnect(patient);
  }
});

test('40 searches at a time of one till that hang close nothing to others, and are over when it has gone', async () => {
  const ask = open();
  const { reference } = await shop.issue();
  await until(async () => (await shop.get(`/account-payments/${reference}/movements`)).status === 200);
  const unseen: string[] = [];
  for (let i = 0; i < 10; i++) unseen.push(await shop.keyOf('till', `till-${randomUUID().slice(0, 8)}`));
  const hanging = await shop.sql.reserve();
  const searching = new Set<AbortController>();
  let standing: 'here' | 'gone' = 'here';
  /** Over a network what is turned away comes back no sooner than this either. */
  const flood = async () => {
    while (standing === 'here') {
      const search = new AbortController();
      searching.add(search);
      await ask('/customers?q=a', { signal: search.signal });
      searching.delete(search);
      await pause(50);
    }
  };
  const leave = () => {
    standing = 'gone';
    for (const search of searching) search.abort();
  };
  try {
    await hanging`begin`;
    await hanging`lock table customers in access exclusive mode`;
    const floods = Array.from({ length: 40 }, flood);
    const manager = { key: shop.keys.manager };
    const others = async () => {
      const fresh = unseen.pop() ?? shop.keys.finance;
      return statusesOf([
        ask('/account-payments', manager),
        ask(`/account-payments/${reference}/movements`, manager),
        ask('/account-payments', { ...manager, body: aDeposit }),
        ask(`/account-payments/${reference}`, { key: fresh }),
        ask(`/account-payments/${reference}/apply`, {
          ...manager,
          body: { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: 'S-1' },
        }),
      ]);
    };
    // A busy machine may be late once; a Postgres that is closed to them is so as long as the flood goes on.
    for (let i = 0; i < 3; i++) await until(async () => String(await others()) === '200,200,201,200,200');
    leave();
    const atWork = () => shop.sql`
      select from pg_stat_activity
       where application_name = 'account-payments-api-lists' and datname = current_database() and state = 'active'`;
    await until(async () => (await atWork()).length === 0);
    await Promise.all(floods);
  } finally {
    leave();
    await hanging`rollback`;
    hanging.release();
  }
  await until(async () => (await ask('/customers?q=a')).status === 200);
});

test('quotes that hang keep to connections of their own, however many callers ask for them', async () => {
  const ask = open();
  const keys: string[] = [];
  for (let i = 0; i < 8; i++) keys.push(await shop.keyOf('till', `quoting-${randomUUID().slice(0, 8)}`));
  const basket = { customerId: 'C-1', currency: 'EUR', lines: [{ productId: 'bike', amountMinor: 300 }] };
  const leaving = new AbortController();
  const { signal } = leaving;
  const hanging = await shop.sql.reserve();
  const waitingFor = async () => {
    const rows = await shop.sql<{ name: string; waiting: number }[]>`
      select application_name as name, count(*)::int as waiting from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and application_name like 'account-payments-api%'
       group by application_name`;
    return rows.map(({ name, waiting }) => `${name}: ${waiting}`);
  };
  try {
    await hanging`begin`;
    await hanging`lock table account_payments in access exclusive mode`;
    const asked = keys.flatMap((key) =>
      Array.from({ length: 4 }, (_, i) =>
        i % 2 === 0
          ? ask(`/sales/Q-${i}/quote`, { key, body: basket, signal })
          : ask('/customers/C-1/applicable-payments?currency=EUR', { key, signal }),
      ),
    );
    await until(async () => String(await waitingFor()) === 'account-payments-api-quotes: 4');
    // What cannot be told by what they are is told by whoever has to pay: a key that was never seen, and a command.
    const fresh = await shop.keyOf('till', `paying-${randomUUID().slice(0, 8)}`);
    await until(async () => (await ask('/gifts/none', { key: fresh })).status === 404);
    expect(await waitingFor()).toEqual(['account-payments-api-quotes: 4']);
    leaving.abort();
    await Promise.all(asked);
    await until(async () => (await waitingFor()).length === 0);
  } finally {
    leaving.abort();
    await hanging`rollback`;
    hanging.release();
  }
});
