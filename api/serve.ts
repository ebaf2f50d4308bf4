import { once } from 'node:events';
import type { Server } from 'node:http';
import { serve as serveNode } from '@hono/node-server';
import type { Logger } from 'pino';
import { connect, disconnect, STATEMENT_MS } from '../db/connect.js';
import type { Settings } from '../runtime/settings.js';
import { createActors } from '../service/actors.js';
import { createApp } from './createApp.js';
import { createDrain } from './drain.js';
import { createKeyring } from './http/keys.js';
import { createSignalLimit } from '../service/payment/signalLimit.js';
import { createMetrics } from '../service/metrics.js';
import { openConnection } from '../service/connection.js';
import { createRequestKeys } from '../service/requestKeys.js';
import { createRecordedWatch } from '../service/recordedWatch.js';

export type ApiServer = { port: number; stop: () => Promise<void> };

/** Connects, listens, and tells the port. `stop` lets every request that has come in be answered first. */
export async function serve({
  settings,
  databaseUrl,
  log,
}: {
  settings: Settings;
  databaseUrl: string;
  log: Logger;
}): Promise<ApiServer> {
  const sql = connect(databaseUrl, { name: 'account-payments-api', connections: 10, statementMs: STATEMENT_MS });
  // Who calls is looked up past whatever else waits for Postgres.
  const keysSql = connect(databaseUrl, {
    name: 'account-payments-api-keys',
    connections: 2,
    statementMs: STATEMENT_MS,
  });
  const connection = openConnection(settings.temporal.connectionOptions);
  const actors = createActors({
    connection,
    namespace: settings.temporal.namespace,
    returnPeriodMs: settings.returnPeriodMs,
  });
  const metrics = createMetrics();
  const app = createApp(
    {
      actors,
      sql,
      untilRecorded: createRecordedWatch({ sql }),
      requestKeys: createRequestKeys({ sql }),
      signalLimit: createSignalLimit({ sql }),
      metrics,
      log,
      now: Date.now,
    },
    createKeyring({ sql: keysSql, trustMs: settings.keyTrustMs }),
  );
  const server = serveNode({ fetch: app.fetch, hostname: settings.host, port: settings.port }) as Server;
  const drain = createDrain(server);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : settings.port,
    stop: async () => {
      await drain();
      await connection.close();
      // Nobody waits for an answer any more; a Postgres that hangs does not even say goodbye.
      await Promise.all([disconnect(sql), disconnect(keysSql)]);
    },
  };
}
