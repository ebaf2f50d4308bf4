import { once } from 'node:events';
import type { Server } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { serve as serveNode } from '@hono/node-server';
import { Connection } from '@temporalio/client';
import type { Logger } from 'pino';
import { connect } from '../db/connect.js';
import type { Settings } from '../runtime/settings.js';
import { createActors } from './actors.js';
import { createApp } from './createApp.js';
import { createKeyring } from './keys.js';
import { createMetrics } from './metrics.js';
import { createRecordedWatch } from './recordedWatch.js';

export type ApiServer = { port: number; stop: () => Promise<void> };

const ARRIVAL_MS = 200;

/** Connects, listens, and tells the port. `stop` lets every request that has come in be answered first. */
export async function serve({ settings, databaseUrl, log }: { settings: Settings; databaseUrl: string; log: Logger }): Promise<ApiServer> {
  const sql = connect(databaseUrl, { name: 'account-payments-api', connections: 10 });
  // Lazy: the API comes up, and says that it is not ready, while Temporal is away.
  const connection = Connection.lazy(settings.temporal.connectionOptions);
  const actors = createActors({ connection, namespace: settings.temporal.namespace });
  const { shopTimeZone } = settings;
  const metrics = createMetrics();
  const untilRecorded = createRecordedWatch({ sql });
  const app = createApp({ actors, sql, untilRecorded, metrics, log, shopTimeZone, now: Date.now }, createKeyring({ sql }));
  const server = serveNode({ fetch: app.fetch, hostname: settings.host, port: settings.port }) as Server;
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : settings.port,
    stop: async () => {
      // Closing also cuts idle connections, on which a request may be arriving right now: those are still taken in.
      await setTimeout(ARRIVAL_MS);
      const closed = once(server, 'close');
      server.close();
      await closed;
      await connection.close();
      await sql.end({ timeout: 5 });
    },
  };
}
