import { Runtime } from '@temporalio/worker';
import { connect, disconnect, STATEMENT_MS } from '../db/connect.js';
import { createLog } from '../runtime/log.js';
import { runProcess, STOPS_WITHIN_MS } from '../runtime/runProcess.js';
import { requireDatabase } from '../runtime/settings.js';
import { connectWorker } from './connect.js';
import { createReconciler } from './createReconciler.js';
import { createWorker } from './createWorker.js';
import { temporalLogger } from './temporalLogger.js';

/** Nobody waits for a comparison, and a page of it may hold payments with thousands of commands. */
const COMPARING_MS = 60_000;

await runProcess(async (settings) => {
  const log = createLog('worker', settings.logLevel);
  // Signals are ours: the runtime would stop the worker on them before we have said so.
  const bindAddress = settings.workerMetricsAddress;
  const telemetryOptions = bindAddress === undefined ? {} : { metrics: { prometheus: { bindAddress } } };
  Runtime.install({ logger: temporalLogger(log), shutdownSignals: [], telemetryOptions });
  const sql = connect(requireDatabase(settings), {
    name: 'account-payments-worker',
    connections: 10,
    statementMs: STATEMENT_MS,
    finding: 'by_index',
  });
  const connection = await connectWorker(settings.temporal.connectionOptions);
  const worker = await createWorker({
    connection,
    namespace: settings.temporal.namespace,
    sql,
    buildId: settings.workerBuildId,
    cachedWorkflows: settings.workerCachedWorkflows,
  });
  const comparingSql = connect(requireDatabase(settings), {
    name: 'account-payments-reconciliation',
    connections: 3,
    statementMs: COMPARING_MS,
  });
  const reconciler = await createReconciler({
    connection,
    namespace: settings.temporal.namespace,
    sql: comparingSql,
  });
  const done = Promise.all([worker.run(), reconciler.run()]);
  done.catch((error: unknown) => {
    log.fatal({ error: String(error) }, 'the worker has failed');
    process.exit(1);
  });
  return {
    stopsWithinMs: STOPS_WITHIN_MS,
    stop: async () => {
      worker.shutdown();
      reconciler.shutdown();
      await done;
      await connection.close();
      await Promise.all([sql, comparingSql].map(disconnect));
    },
  };
});
