import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, inject, test } from 'vitest';
import { freePort } from '../../scripts/servers/ports.js';
import { startTemporal } from '../../scripts/servers/temporal.js';
import { TASK_QUEUE } from '../../workflows/taskQueue.js';
import { end, startService } from '../support/services.js';
import { openShop, until } from '../support/shop.js';

/** Long enough for every pause between attempts to have grown as long as it grows. */
const OUTAGE_MS = 40_000;
const SOON_MS = 5_000;
/** Besides as long as so many answers take there, for a machine may be slow by itself. */
const ANSWERS = 5;

test(
  'after an outage of Temporal the APIs and the worker serve again within five seconds',
  { timeout: 400_000 },
  async () => {
    const name = join(inject('folder'), `temporal-${randomUUID()}`);
    const options = {
      cli: inject('temporalCli'),
      namespace: 'default',
      port: await freePort(),
      database: `${name}.sqlite`,
      log: `${name}.log`,
    };
    let temporal = await startTemporal(options);
    const shop = await openShop({ worker: 'none', taskQueue: TASK_QUEUE, temporalAddress: temporal.address });
    const env = { DATABASE_URL: shop.serviceUrl, TEMPORAL_ADDRESS: temporal.address };
    const ports = [await freePort(), await freePort()];
    const worker = await startService('worker', env);
    const apis = await Promise.all(ports.map((port) => startService('api', { ...env, PORT: String(port) })));
    try {
      const { reference } = await shop.issue();
      const apply = async (port: number) => {
        const { status } = await fetch(`http://127.0.0.1:${port}/v1/account-payments/${reference}/apply`, {
          method: 'POST',
          headers: {
            Authorization: `Bearer ${shop.keys.till}`,
            'Content-Type': 'application/json',
            'Idempotency-Key': randomUUID(),
          },
          body: JSON.stringify({ customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: 'OUTAGE-1' }),
        });
        return status;
      };
      const appliedAt = Date.now();
      for (const port of ports) expect(await apply(port)).toBe(200);
      const answerMs = (Date.now() - appliedAt) / ports.length;

      await temporal.stop();
      for (const backAt = Date.now() + OUTAGE_MS; Date.now() < backAt; await setTimeout(500))
        for (const status of await Promise.all(ports.map(apply))) expect([503, 504]).toContain(status);

      temporal = await startTemporal(options);
      const backAt = Date.now();
      const took = await Promise.all(
        ports.map(async (port) => {
          await until(async () => (await apply(port)) === 200);
          return Date.now() - backAt;
        }),
      );
      for (const ms of took) expect(ms).toBeLessThan(SOON_MS + ANSWERS * answerMs);
    } finally {
      for (const each of [...apis, worker]) await end(each, 'SIGTERM');
      await shop.close();
      await temporal.stop();
    }
  },
);
