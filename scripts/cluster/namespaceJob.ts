import { Connection } from '@temporalio/client';
import { Failure } from '../../runtime/failure.js';
import { runOnce } from '../../runtime/runOnce.js';
import { ensureNamespace } from '../namespace.js';
import { ensureSchedules } from '../schedules.js';

/** Makes the namespace, its search attributes and its schedules; for a cluster, once before the first worker. */
await runOnce(async ({ temporal, shopTimeZone }) => {
  const connection = await Connection.connect({ ...temporal.connectionOptions, connectTimeout: 10_000 }).catch(() => {
    throw new Failure(`Temporal cannot be reached at ${temporal.connectionOptions.address}.`);
  });
  await ensureNamespace(connection, temporal.namespace);
  await ensureSchedules(connection, temporal.namespace, shopTimeZone);
  await connection.close();
  console.log(`The namespace ${temporal.namespace} has its search attributes and schedules.`);
});
