import { join } from 'node:path';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { serve } from '../../api/serve.js';
import { connect, disconnect, type Sql } from '../../db/connect.js';
import { migrate } from '../../db/migrate.js';
import { createLog } from '../../runtime/log.js';
import type { Settings } from '../../runtime/settings.js';
import { createActors } from '../../service/actors.js';
import { openConnection } from '../../service/connection.js';
import { createMetrics } from '../../service/metrics.js';
import type { Parts } from '../../service/parts.js';
import { createSignalLimit } from '../../service/payment/signalLimit.js';
import { createRecordedWatch } from '../../service/recordedWatch.js';
import { createRequestKeys } from '../../service/requestKeys.js';
import { createWorker } from '../../worker/createWorker.js';
import { freePort } from '../servers/ports.js';
import { startPostgres } from '../servers/postgres.js';
import { findTemporalCli, startTemporal } from '../servers/temporal.js';

const NAMESPACE = 'default';

export type Service = {
  readonly origin: string;
  readonly databaseUrl: string;
  readonly sql: Sql;
  /** What the shop works with, beside the pages. */
  readonly parts: Parts;
  readonly stop: () => Promise<void>;
};

/** A whole service of its own, with nothing in it but its tables: servers, worker and pages, on free ports. */
export async function startService(settings: Settings, folder: string): Promise<Service> {
  const postgres = await startPostgres({ folder: join(folder, 'postgres'), port: await freePort() });
  const temporal = await startTemporal({
    cli: await findTemporalCli(settings.temporalCli, console.log),
    namespace: NAMESPACE,
    port: await freePort(),
    log: join(folder, 'temporal.log'),
  });
  const { url: databaseUrl } = postgres;
  const sql = connect(databaseUrl, { name: 'account-payments-pictures', connections: 5 });
  await migrate(sql);
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const native = await NativeConnection.connect({ address: temporal.address });
  const worker = await createWorker({ connection: native, namespace: NAMESPACE, sql });
  const working = worker.run();

  const log = createLog('pictures', 'error');
  const reached = { namespace: NAMESPACE, connectionOptions: { address: temporal.address } };
  const own = { host: '127.0.0.1', port: 0, publicUrl: undefined, temporalUiUrl: undefined, temporal: reached };
  const api = await serve({ settings: { ...settings, ...own }, databaseUrl, log });
  const connection = openConnection(reached.connectionOptions);
  const { returnPeriodMs } = settings;
  const parts: Parts = {
    actors: createActors({ connection, namespace: NAMESPACE, returnPeriodMs }),
    sql,
    listSql: sql,
    untilRecorded: createRecordedWatch({ sql }),
    requestKeys: createRequestKeys({ sql }),
    signalLimit: createSignalLimit({ sql }),
    metrics: createMetrics(),
    log,
    now: Date.now,
  };
  const stop = async () => {
    await api.stop();
    worker.shutdown();
    await working;
    await native.close();
    await connection.close();
    await disconnect(sql);
    await Promise.all([temporal.stop(), postgres.stop()]);
  };
  return { origin: `http://127.0.0.1:${api.port}`, databaseUrl, sql, parts, stop };
}
