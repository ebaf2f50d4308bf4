import { once } from 'node:events';
import type { Logger } from 'pino';
import type { Settings } from '../runtime/settings.js';
import { createActors } from '../service/actors.js';
import { createApp } from './createApp.js';
import { createDrain } from './drain.js';
import { createServer } from './server.js';
import { createKeyring } from './http/keys.js';
import { createLimits } from './http/limits.js';
import { createStaffDesk } from '../service/staff/desk.js';
import { createPages } from '../web/createPages.js';
import { createRefusalPause, type RefusalPause } from '../service/limits/refusalPause.js';
import { openConnection } from '../service/connection.js';
import { openConnections } from '../service/connections.js';
import { createParts } from '../service/createParts.js';

export type ApiServer = { port: number; stop: () => Promise<void> };

/** Connects, listens, and tells the port. `stop` lets every request that has come in be answered first. */
export async function serve({
  settings,
  databaseUrl,
  log,
  refusals = createRefusalPause(),
}: {
  settings: Settings;
  databaseUrl: string;
  log: Logger;
  refusals?: RefusalPause;
}): Promise<ApiServer> {
  const { keysSql, deskSql, plainSql, close, ...connections } = openConnections(databaseUrl);
  const connection = openConnection(settings.temporal.connectionOptions);
  const actors = createActors({
    connection,
    namespace: settings.temporal.namespace,
    returnPeriodMs: settings.returnPeriodMs,
  });
  const parts = createParts({ actors, log, ...connections });
  const { publicUrl, temporalUiUrl, allowedHosts } = settings;
  const names = publicUrl === undefined ? allowedHosts : [...allowedHosts, publicUrl.hostname];
  const keyring = createKeyring({ sql: keysSql, trustMs: settings.keyTrustMs });
  const limits = createLimits({ together: settings.callsAtOnce, refusals });
  const app = createApp(parts, keyring, { names, limits });
  const desk = createStaffDesk({ sql: deskSql, plainSql, secure: publicUrl?.protocol === 'https:' });
  app.route('/', createPages({ ...parts, desk, publicUrl, temporalUiUrl }));
  const { host: hostname, port } = settings;
  const server = createServer({ fetch: app.fetch, hostname, port });
  const drain = createDrain(server);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : settings.port,
    stop: async () => {
      refusals.end();
      await drain();
      await connection.close();
      // Nobody waits for an answer any more; a Postgres that hangs does not even say goodbye.
      await close();
    },
  };
}
