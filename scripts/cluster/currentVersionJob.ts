import { Connection } from '@temporalio/client';
import { Failure } from '../../runtime/failure.js';
import { runOnce } from '../../runtime/runOnce.js';
import { setCurrentVersion } from '../currentVersion.js';

/** Lets open payments go on with this build of the worker, once one of it runs. */
await runOnce(async ({ temporal, workerBuildId }) => {
  if (workerBuildId === undefined) throw new Failure('WORKER_BUILD_ID is not set.');
  const connection = await Connection.connect({ ...temporal.connectionOptions, connectTimeout: 10_000 }).catch(() => {
    throw new Failure(`Temporal cannot be reached at ${temporal.connectionOptions.address}.`);
  });
  try {
    await setCurrentVersion(connection, temporal.namespace, workerBuildId);
    console.log(`Build ${workerBuildId} of the worker is current.`);
  } finally {
    await connection.close();
  }
});
