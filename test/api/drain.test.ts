import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, expect, inject, test } from 'vitest';
import { freePort } from '../../scripts/servers/ports.js';
import { startPostgres } from '../../scripts/servers/postgres.js';
import { signalPostgres } from '../support/hang.js';
import { end, startService } from '../support/services.js';
import { openShopOfProcesses, until, type Shop } from '../support/shop.js';

const shops: Shop[] = [];
afterAll(() => Promise.all(shops.map((shop) => shop.close())));

async function open(postgresUrl?: string) {
  const { shop, env } = await openShopOfProcesses(postgresUrl);
  shops.push(shop);
  const port = await freePort();
  const metricsAddress = `127.0.0.1:${await freePort()}`;
  const settings = { ...env, PORT: String(port), WORKER_METRICS_ADDRESS: metricsAddress };
  const [worker, api] = [await startService('worker', settings), await startService('api', settings)];

  const send = (agent: Agent, method: string, path: string, key: string, body?: object) => {
    const headers = {
      Authorization: `Bearer ${shop.keys.till}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': key,
    };
    const sent = request({ agent, port, host: '127.0.0.1', path: `/v1${path}`, method, headers });
    const written = once(sent, 'finish').catch(() => undefined);
    const status = once(sent, 'response').then(
      ([response]) => String((response as IncomingMessage).resume().statusCode),
      (error: NodeJS.ErrnoException) => error.code ?? error.message,
    );
    sent.end(body && JSON.stringify(body));
    return { written, status };
  };
  const spend = (agent: Agent, reference: string, key: string) =>
    send(agent, 'POST', `/account-payments/${reference}/apply`, key, {
      customerId: 'C-1',
      amountMinor: 1,
      currency: 'EUR',
      saleId: 'DRAIN-1',
    });
  return { shop, port, metricsAddress, worker, api, send, spend };
}

test('an API that is told to stop answers every request that has come in, and takes no new one', async () => {
  const { shop, port, metricsAddress, worker, api, spend } = await open();
  const { reference } = await shop.issue();
  const agent = new Agent({ keepAlive: true, maxSockets: 30 });
  const all = (from: number) => Array.from({ length: 30 }, (_, i) => spend(agent, reference, `d${from + i}`));
  await Promise.all(all(0).map(({ status }) => status));
  expect(await (await fetch(`http://${metricsAddress}/metrics`)).text()).toContain(
    'temporal_worker_task_slots_available',
  );

  // On connections that are open, so that what is written has arrived.
  const sent = all(100);
  await Promise.all(sent.map(({ written }) => written));
  const stopped = end(api, 'SIGTERM');
  const statuses = await Promise.all(sent.map(({ status }) => status));
  expect(statuses).toEqual(Array<string>(30).fill('200'));
  expect(await stopped).toBe(0);
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
  expect(await end(worker, 'SIGTERM')).toBe(0);
});

test('callers who never pause do not keep an API, and each hears its answers', async () => {
  const { shop, worker, api, spend } = await open();
  const references = await Promise.all(Array.from({ length: 10 }, async () => (await shop.issue()).reference));
  const spendWithoutPause = async (reference: string): Promise<string[]> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const heard: string[] = [];
    while (heard.at(-1) !== 'ECONNREFUSED') heard.push(await spend(agent, reference, randomUUID()).status);
    return heard;
  };
  const callers = references.map(spendWithoutPause);
  await until(async () => (await shop.sql`select 1 from movements where kind = 'applied'`).length > 100);
  const toldAt = Date.now();
  expect(await end(api, 'SIGTERM')).toBe(0);
  expect(Date.now() - toldAt).toBeLessThan(15_000);
  expect(new Set((await Promise.all(callers)).flat())).toEqual(new Set(['200', 'ECONNREFUSED']));
  expect(await end(worker, 'SIGTERM')).toBe(0);
});

test('neither does a Postgres that hangs keep an API or a worker', async () => {
  const folder = join(inject('folder'), `drain-${randomUUID()}`);
  const postgres = await startPostgres({ folder, port: await freePort() });
  const { shop, worker, api, send, spend } = await open(postgres.url);
  try {
    const references = await Promise.all(Array.from({ length: 10 }, async () => (await shop.issue()).reference));
    const agent = new Agent({ keepAlive: true });
    const both = () =>
      references.flatMap((reference) => [
        spend(agent, reference, randomUUID()),
        send(agent, 'GET', '/account-payments', randomUUID()),
      ]);
    const before = await Promise.all(both().map(({ status }) => status));
    expect(before.filter((_, i) => i % 2 === 0)).toEqual(references.map(() => '200'));
    signalPostgres(postgres, 'SIGSTOP');
    // On connections that are open, so that what is written has arrived.
    const sent = both();
    await Promise.all(sent.map(({ written }) => written));
    const toldAt = Date.now();
    const stopped = end(api, 'SIGTERM');
    const statuses = await Promise.all(sent.map(({ status }) => status));
    expect(statuses.filter((_, i) => i % 2 === 0)).toEqual(references.map(() => '200'));
    // One caller's lists wait for each other, and some have waited long enough then.
    for (const status of statuses.filter((_, i) => i % 2 === 1)) expect(['503', '429']).toContain(status);
    expect(await stopped).toBe(0);
    expect(await end(worker, 'SIGTERM')).toBe(0);
    expect(Date.now() - toldAt).toBeLessThan(28_000);
  } finally {
    signalPostgres(postgres, 'SIGCONT');
    await shops.pop()?.close();
    await postgres.stop();
  }
});
