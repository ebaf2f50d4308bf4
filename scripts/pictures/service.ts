import { DefaultLogger, Runtime } from '@temporalio/worker';
import { serve } from '../../api/serve.js';
import type { Sql } from '../../db/connect.js';
import { createLog } from '../../runtime/log.js';
import type { Settings } from '../../runtime/settings.js';
import { createActors } from '../../service/actors.js';
import { openConnection } from '../../service/connection.js';
import { createParts } from '../../service/createParts.js';
import type { Parts } from '../../service/parts.js';
import { connectWorker } from '../../worker/connect.js';
import { createWorker } from '../../worker/createWorker.js';
import { startOwnServers } from '../servers/own.js';

export type Service = {
  readonly origin: string;
  /** For what goes when it stops. */
  readonly folder: string;
  readonly databaseUrl: string;
  readonly sql: Sql;
  /** What the shop works with, beside the pages. */
  readonly parts: Parts;
  readonly stop: () => Promise<void>;
};

/** A whole service of its own, with nothing in it but its tables: servers, worker and pages, on free ports. */
export async function startService(settings: Settings): Promise<Service> {
  const servers = await startOwnServers('pictures', settings);
  const { sql, databaseUrl, folder, namespace, temporalAddress: address } = servers;
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const native = await connectWorker({ address });
  const worker = await createWorker({ connection: native, namespace, sql });
  const working = worker.run();

  const log = createLog('pictures', 'error');
  const reached = { namespace, connectionOptions: { address } };
  const own = { host: '127.0.0.1', port: 0, publicUrl: undefined, temporalUiUrl: undefined, temporal: reached };
  const api = await serve({ settings: { ...settings, ...own }, databaseUrl, log });
  const connection = openConnection(reached.connectionOptions);
  const { returnPeriodMs } = settings;
  const actors = createActors({ connection, namespace, returnPeriodMs });
  const parts = createParts({ actors, sql, listSql: sql, log });
  const stop = async () => {
    await api.stop();
    worker.shutdown();
    await working;
    await native.close();
    await connection.close();
    await servers.stop();
  };
  return { origin: `http://127.0.0.1:${api.port}`, folder, databaseUrl, sql, parts, stop };
}
