import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { freePort } from '../../scripts/processes.js';
import { TASK_QUEUE } from '../../workflows/names.js';
import { end, startService } from '../support/services.js';
import { openShop, until, type Shop } from '../support/shop.js';

let shop: Shop;
beforeAll(async () => {
  // The queue of a worker of its own process, so that a slow answer can be had.
  shop = await openShop({ worker: 'none', taskQueue: TASK_QUEUE });
});
afterAll(() => shop.close());

test('an API that is told to stop answers every request that has come in, and takes no new one', async () => {
  const [port, metricsAddress] = [await freePort(), `127.0.0.1:${await freePort()}`];
  const env = { DATABASE_URL: shop.databaseUrl, TEMPORAL_ADDRESS: inject('temporalAddress'), PORT: String(port), WORKER_METRICS_ADDRESS: metricsAddress };
  const [worker, api] = [await startService('worker', env), await startService('api', env)];
  const { reference } = await shop.issue();
  const spend = (i: number) =>
    fetch(`http://127.0.0.1:${port}/v1/account-payments/${reference}/apply`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${shop.keys.till}`, 'Content-Type': 'application/json', 'Idempotency-Key': `d${i}` },
      body: JSON.stringify({ customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: 'S' }),
    });
  expect((await spend(0)).status).toBe(200);
  expect(await (await fetch(`http://${metricsAddress}/metrics`)).text()).toContain('temporal_worker_task_slots_available');
  const sent = Array.from({ length: 30 }, (_, i) => spend(i + 1));
  const arrived = async () => {
    const [row] = await shop.sql<{ revision: number }[]>`select revision from account_payments where reference = ${reference}`;
    return (row?.revision ?? 0) > 2;
  };
  await until(arrived);
  const stopped = end(api, 'SIGTERM');
  const statuses = (await Promise.allSettled(sent)).map((each) => (each.status === 'fulfilled' ? each.value.status : 'cut'));
  expect(await stopped).toBe(0);
  expect(statuses).toEqual(Array<number>(30).fill(200));
  await expect(spend(99)).rejects.toThrow();
  expect(await end(worker, 'SIGTERM')).toBe(0);
});
