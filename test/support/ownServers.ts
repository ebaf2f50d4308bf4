import { randomUUID } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { disconnect } from '../../db/connect.js';
import { freePort } from '../../scripts/servers/ports.js';
import { startPostgres } from '../../scripts/servers/postgres.js';
import { startTemporal } from '../../scripts/servers/temporal.js';
import { createDatabase } from './database.js';
import { end, startService } from './services.js';

export type OwnServers = Awaited<ReturnType<typeof startOwnServers>>;
export const ofOwnServers = ['postgres', 'temporal', 'worker', 'api'] as const;

/** A Postgres, a Temporal that keeps its data, a worker and an API for one test: each can be killed and comes back. */
export async function startOwnServers() {
  const folder = join(inject('folder'), `own-${randomUUID()}`);
  await mkdir(folder);
  const [postgresPort, temporalPort, apiPort] = [await freePort(), await freePort(), await freePort()];
  const postgresAt = () => startPostgres({ folder: join(folder, 'postgres'), port: postgresPort });
  const temporalAt = () =>
    startTemporal({
      cli: inject('temporalCli'),
      namespace: 'default',
      port: temporalPort,
      database: join(folder, 'temporal.sqlite'),
      log: join(folder, 'temporal.log'),
      dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': '150' },
    });
  let [postgres, temporal] = [await postgresAt(), await temporalAt()];
  const { serviceUrl, sql } = await createDatabase(postgres.url);
  const env = {
    DATABASE_URL: serviceUrl,
    TEMPORAL_ADDRESS: temporal.address,
    PORT: String(apiPort),
    LOG_LEVEL: 'error',
  };
  const processes: Record<'worker' | 'api', ChildProcess> = {
    worker: await startService('worker', env),
    api: await startService('api', env),
  };
  const restart = async (which: (typeof ofOwnServers)[number]): Promise<void> => {
    switch (which) {
      case 'postgres':
        await postgres.stop();
        postgres = await postgresAt();
        return;
      case 'temporal':
        await temporal.stop();
        temporal = await temporalAt();
        return;
      case 'worker':
      case 'api':
        await end(processes[which], 'SIGKILL');
        processes[which] = await startService(which, env);
        return;
    }
  };
  const close = async () => {
    await Promise.all([end(processes.api, 'SIGTERM'), end(processes.worker, 'SIGTERM')]);
    await disconnect(sql);
    await Promise.all([postgres.stop(), temporal.stop()]);
  };
  return { sql, origin: `http://127.0.0.1:${apiPort}/v1`, address: env.TEMPORAL_ADDRESS, restart, close };
}
