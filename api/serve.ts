import { once } from 'node:events';
import type { Server } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { serve as serveNode } from '@hono/node-server';
import { Connection } from '@temporalio/client';
import type { Logger } from 'pino';
import { connect, STATEMENT_MS } from '../db/connect.js';
import type { Settings } from '../runtime/settings.js';
import { createActors } from '../service/actors.js';
import { createApp } from './createApp.js';
import { createKeyring } from './http/keys.js';
import { createMetrics } from '../service/metrics.js';
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
  // Lazy: the API comes up, and says that it is not ready, while Temporal is away.
  const connection = Connection.lazy(settings.temporal.connectionOptions);
  const actors = createActors({
    connection,
    namespace: settings.temporal.namespace,
    returnPeriodMs: settings.returnPeriodMs,
  });
  const metrics = createMetrics();
  const untilRecorded = createRecordedWatch({ sql });
  const app = createApp(
    { actors, sql, untilRecorded, requestKeys: createRequestKeys({ sql }), metrics, log, now: Date.now },
    createKeyring({ sql: keysSql, trustMs: settings.keyTrustMs }),
  );
  const server = serveNode({ fetch: app.fetch, hostname: settings.host, port: settings.port }) as Server;
  let arrivals = 0;
  server.on('request', () => (arrivals += 1));
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : settings.port,
    stop: async () => {
      await untilQuiet(() => arrivals);
      const closed = once(server, 'close');
      server.close();
      await closed;
      await connection.close();
      await Promise.all([sql.end({ timeout: 5 }), keysSql.end({ timeout: 5 })]);
    },
  };
}

/**
 * Closing cuts idle connections too, and one on which a request is just arriving looks idle: so it waits until for a
 * while nothing more has come in. Each look lets the process read what has arrived.
 */
async function untilQuiet(arrivals: () => number): Promise<void> {
  let seen = arrivals();
  for (let quiet = 0, looks = 0; quiet < 5 && looks < 100; looks++) {
    await setTimeout(50);
    quiet = arrivals() === seen ? quiet + 1 : 0;
    seen = arrivals();
  }
}
