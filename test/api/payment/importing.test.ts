import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../../api/createApp.js';
import { createKeyring } from '../../../api/http/keys.js';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { aDeposit, openShop, until, type Shop } from '../../support/shop.js';

let shop: Shop;
beforeAll(async () => void (shop = await openShop()));
afterAll(() => shop.close());

const IMPORTED = 60;
const ALONE = 16;

/** Of the payments that an import has started, those that are not in the books yet. */
function watched({ parts }: Shop) {
  const started: string[] = [];
  const recorded = new Set<string>();
  let mostWaiting = 0;
  const start = async (issue: Parameters<typeof parts.actors.start>[0]) => {
    started.push(issue.reference);
    mostWaiting = Math.max(mostWaiting, started.length - recorded.size);
    await parts.actors.start(issue);
    void parts.untilRecorded(issue, 120_000).then(() => recorded.add(issue.reference));
  };
  const takeMost = () => {
    const most = mostWaiting;
    mostWaiting = 0;
    return most;
  };
  return { parts: { ...parts, actors: { ...parts.actors, start } }, started, recorded, takeMost };
}

/**
 * What a till waits for is what was asked before it. That is a matter of order, which no busy machine changes: of an
 * import that waits for no answer so much is started as a worker does in a moment, whether one runs or not.
 */
test('an import of any size puts few payments before the command of a till, and none once a till has come', async () => {
  const { reference } = await shop.issue();
  await until(async () => (await shop.get(`/account-payments/${reference}/movements`)).status === 200);
  await shop.stopWorker();
  const { parts, started, recorded, takeMost } = watched(shop);
  const app = createApp(parts, createKeyring({ sql: shop.sql }));
  const post = async (path: string, key: string, body: object, idempotencyKey: string = randomUUID()) => {
    const headers = { Authorization: `Bearer ${key}`, 'Idempotency-Key': idempotencyKey, Prefer: 'wait=0' };
    const init = {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    };
    return app.request(`/v1/account-payments${path}`, init);
  };
  const key = await shop.keyOf('manager', 'import');
  const imported = Array.from({ length: IMPORTED }, async () => {
    const idempotencyKey = randomUUID();
    for (;;) {
      const { status, headers } = await post('', key, aDeposit, idempotencyKey);
      if (status !== 429) return status;
      expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0);
      await pause(100);
    }
  });
  await until(() => Promise.resolve(started.length === ALONE));

  const spent = { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: 'IMPORT-1' };
  const spending = (async () => {
    const idempotencyKey = randomUUID();
    await until(async () => (await post(`/${reference}/apply`, shop.keys.till, spent, idempotencyKey)).status === 200);
  })();
  expect(takeMost(), 'while no worker runs, and the import was alone').toBe(ALONE);
  await shop.startWorker();
  await spending;
  // The till stays: what is started from now on is started one by one.
  await until(() => Promise.resolve(recorded.size >= ALONE));
  takeMost();
  const before = started.length;
  await until(async () => {
    await post(`/${reference}/apply`, shop.keys.till, spent);
    return started.length >= before + 5;
  });
  expect(takeMost(), 'beside a till').toBe(1);
  expect(await Promise.all(imported)).toEqual(Array<number>(IMPORTED).fill(201));
});
