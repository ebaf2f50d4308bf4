import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../scripts/servers/ports.js';
import { end, startService } from '../support/services.js';
import { openShopOfProcesses, type Shop } from '../support/shop.js';

let shop: Shop;
let env: Record<string, string>;
beforeAll(async () => {
  ({ shop, env } = await openShopOfProcesses());
});
afterAll(() => shop.close());

test('an API that is told to stop answers every request that has come in, and takes no new one', async () => {
  const [port, metricsAddress] = [await freePort(), `127.0.0.1:${await freePort()}`];
  const settings = { ...env, PORT: String(port), WORKER_METRICS_ADDRESS: metricsAddress };
  const [worker, api] = [await startService('worker', settings), await startService('api', settings)];
  const { reference } = await shop.issue();
  const agent = new Agent({ keepAlive: true, maxSockets: 30 });
  const spend = (i: number) => {
    const headers = {
      Authorization: `Bearer ${shop.keys.till}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': `d${i}`,
    };
    const sent = request({
      agent,
      port,
      host: '127.0.0.1',
      path: `/v1/account-payments/${reference}/apply`,
      method: 'POST',
      headers,
    });
    const written = once(sent, 'finish');
    const status = once(sent, 'response').then(([response]) => (response as IncomingMessage).resume().statusCode);
    sent.end(JSON.stringify({ customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: 'S' }));
    return { written, status };
  };
  const all = (from: number) => Array.from({ length: 30 }, (_, i) => spend(from + i));
  await Promise.all(all(0).map(({ status }) => status));
  expect(await (await fetch(`http://${metricsAddress}/metrics`)).text()).toContain(
    'temporal_worker_task_slots_available',
  );

  // On connections that are open, so that what is written has arrived.
  const sent = all(100);
  await Promise.all(sent.map(({ written }) => written));
  const stopped = end(api, 'SIGTERM');
  const statuses = await Promise.all(sent.map(({ status }) => status.catch((error: Error) => error.message)));
  expect(statuses).toEqual(Array<number>(30).fill(200));
  expect(await stopped).toBe(0);
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
  expect(await end(worker, 'SIGTERM')).toBe(0);
});
