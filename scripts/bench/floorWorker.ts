import { fileURLToPath } from 'node:url';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { connect, disconnect } from '../../db/connect.js';
import { runProcess } from '../../runtime/runProcess.js';
import { requireDatabase } from '../../runtime/settings.js';
import { connectWorker } from '../../worker/connect.js';

/** The worker of the floor that the bench compares with: nothing that the engine does not need. */
await runProcess(async (settings) => {
  Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });
  const sql = connect(requireDatabase(settings), { name: 'bench-floor', connections: 10 });
  const connection = await connectWorker(settings.temporal.connectionOptions);
  const insertRow = async (workflow: string, number: number) => {
    await sql`insert into floor_rows values (${workflow}, ${number}) on conflict do nothing`;
  };
  const workflowsPath = fileURLToPath(new URL('./floor.ts', import.meta.url));
  const worker = await Worker.create({
    connection,
    taskQueue: 'floor',
    workflowsPath,
    activities: { insertRow },
    maxCachedWorkflows: 500,
  });
  const done = worker.run();
  return {
    stop: async () => {
      worker.shutdown();
      await done;
      await connection.close();
      await disconnect(sql);
    },
  };
});
