import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../../api/createApp.js';
import { createKeyring } from '../../../api/http/keys.js';
import { connect, disconnect, type Sql } from '../../../db/connect.js';
import type { Actors } from '../../../service/actors.js';
import { createParts } from '../../../service/createParts.js';
import { openShop, until, type Shop } from '../../support/shop.js';

const NOWHERE = 'ACC-20200101-00000000';

let shop: Shop;
let away: Sql;
beforeAll(async () => {
  shop = await openShop();
  away = connect(shop.databaseUrl, { name: 'away', connections: 1 });
  await disconnect(away);
});
afterAll(() => shop.close());

/** A till of this shop, and what was asked of Temporal and of Postgres, in its order, for each thing that it asked. */
function watchedTill(sql: Sql = shop.sql) {
  const asked: string[] = [];
  const watchedSql = new Proxy(sql, {
    apply(target, self, args: Parameters<Sql>) {
      const [parts] = args as unknown as [{ raw?: readonly string[] }];
      if (parts.raw) asked.push(`Postgres: ${parts.raw.join('?')}`);
      return Reflect.apply(target, self, args) as unknown;
    },
  });
  const watched = <Args extends unknown[], T>(name: string, ask: (...args: Args) => Promise<T>) => {
    return async (...args: Args) => {
      const answer = await ask(...args);
      asked.push(`Temporal: ${name}, ${typeof answer === 'string' ? answer : 'an answer'}`);
      return answer;
    };
  };
  const { command, signal, remembered, start } = shop.actors;
  const actors: Actors = {
    ...shop.actors,
    command: watched('command', command),
    signal: watched('signal', signal),
    remembered: watched('remembered', remembered),
    start: watched('start', start),
  };
  const parts = createParts({
    actors,
    sql: watchedSql,
    listSql: watchedSql,
    log: shop.parts.log,
    keyPatienceMs: 10_000,
  });
  const app = createApp(parts, createKeyring({ sql: shop.sql }));
  return async (path: string, body: object, headers: Record<string, string> = {}, idempotencyKey = randomUUID()) => {
    asked.length = 0;
    const response = await app.request(`/v1${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: {
        Authorization: `Bearer ${shop.keys.till}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': idempotencyKey,
        ...headers,
      },
    });
    return { status: response.status, body: await response.json(), asked: [...asked] };
  };
}

const refusalsIn = ({ body }: { body: unknown }) => (body as { payments: { reference: string }[] }).payments;

const spending = { customerId: 'C-2', amountMinor: 1, currency: 'EUR', saleId: 'S-1' };
const asAsked = (body: object, headers: Record<string, string> = {}) => ({ body, headers });

test.each([
  ['apply', asAsked(spending)],
  ['refund', asAsked(spending)],
  ['apply', asAsked(spending, { Prefer: 'respond-async' })],
] as const)(
  "%s of another customer's payment asks what it asks for one that is not there, and tells the same",
  async (verb, { body, headers }) => {
    const { reference } = await shop.issue();
    const { reference: ended } = await shop.issue();
    await shop.post(`/account-payments/${ended}/expire`, { reason: 'agreed' });
    const post = watchedTill();
    const usedKey = randomUUID();
    await post(`/account-payments/${NOWHERE}/refund`, { ...spending, amountMinor: 7 }, {}, usedKey);
    for (const key of [undefined, usedKey]) {
      const nowhere = await post(`/account-payments/${NOWHERE}/${verb}`, body, headers, key ?? randomUUID());
      expect(nowhere.status).toBe(key === undefined ? 404 : 422);
      expect(nowhere.asked.length).toBeGreaterThan(2);
      for (const strangers of [reference, ended]) {
        const told = await post(`/account-payments/${strangers}/${verb}`, body, headers, key ?? randomUUID());
        expect(told).toEqual(nowhere);
      }
    }
  },
);

test("another customer's payment that is not in the books yet is no other than one that is not there", async () => {
  const post = watchedTill();
  const nowhere = await post(`/account-payments/${NOWHERE}/apply`, spending);
  await shop.stopWorker();
  const { reference } = await shop.issue();
  expect(await post(`/account-payments/${reference}/apply`, spending)).toEqual(nowhere);
  await shop.startWorker();
});

test("while Postgres is away nobody is told that a payment is another customer's, or that it is not there", async () => {
  const { reference } = await shop.issue();
  const post = watchedTill(away);
  for (const named of [NOWHERE, reference])
    expect((await post(`/account-payments/${named}/apply`, spending)).status).toBe(503);
});

test("a sale asks another customer's payment as little as one that is not there", async () => {
  const { reference } = await shop.issue();
  await until(async () => (await shop.get(`/account-payments/${reference}/movements`)).status === 200);
  const post = watchedTill();
  const hold = (named: string) =>
    post(`/sales/${randomUUID()}/hold`, {
      customerId: 'C-2',
      currency: 'EUR',
      lines: [{ productId: 'bike', amountMinor: 1 }],
      payments: [{ reference: named, amountMinor: 1 }],
    });
  const [strangers, nowhere] = [await hold(reference), await hold(NOWHERE)];
  expect(strangers).toMatchObject({ status: nowhere.status, body: { code: 'payment_not_found' } });
  expect(refusalsIn(strangers)).toEqual(refusalsIn(nowhere).map((each) => ({ ...each, reference })));
  // Its workflow was not woken for a stranger: its history has the issue and nothing after that.
  const { events = [] } = await shop.client.workflow.getHandle(reference).fetchHistory();
  expect(events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toEqual([]);
});
