import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { connect, disconnect } from '../../db/connect.js';
import { migrate } from '../../db/migrate.js';
import { runOnce } from '../../runtime/runOnce.js';
import { launch } from '../launch.js';
import { ensureMainShop } from '../mainShop.js';
import { temporaryFolder } from '../servers/ownFolder.js';
import { startPostgres } from '../servers/postgres.js';
import { postgresUser } from '../servers/postgresHome.js';
import { freePort } from '../servers/ports.js';
import { stopProcess } from '../servers/processes.js';
import { findTemporalCli, startTemporal } from '../servers/temporal.js';
import { alternate } from './measure.js';
import { summarise, verdict } from './summary.js';
import { tillOf } from './till.js';
import { applies, floor, sales } from './works.js';

/**
 * A: apply over HTTP, with both preferences. B: the engine's floor with a record. C: an update and nothing else.
 * D: a sale over three payments in one request. E: a quote.
 */
await runOnce(async (settings) => {
  const folder = await temporaryFolder('account-payments-bench', await postgresUser());
  const postgres = await startPostgres({ folder: join(folder, 'postgres'), port: await freePort() });
  const cli = await findTemporalCli(settings.temporalCli, console.log);
  const temporal = await startTemporal({
    cli,
    namespace: 'default',
    port: await freePort(),
    log: join(folder, 'temporal.log'),
  });
  const sql = connect(postgres.url, { name: 'bench', connections: 10 });
  await migrate(sql);
  await ensureMainShop(sql, settings);
  const client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
  await sql`create table floor_rows (workflow text, number integer, primary key (workflow, number))`;
  const port = await freePort();
  // Each in a process of its own, as production has them; the floor's worker too, so that all stand alike.
  const env = {
    ...process.env,
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    PORT: String(port),
    LOG_LEVEL: 'error',
  };
  const services = await Promise.all(
    ['worker/main.ts', 'api/main.ts', 'scripts/bench/floorWorker.ts'].map((script) => launch(script, env)),
  );
  const post = await tillOf(sql, port);
  const [a0, a] = await applies(client, post);
  const works = [
    a0,
    a,
    await floor(client, 'B  floor: update, activity, insert', 'updateAndInsert'),
    await floor(client, 'C  floor: update only', 'updateOnly'),
  ];
  const table = await summarise(works, await alternate(works));
  // By themselves, and later: their workflows would crowd the others out of the worker's cache.
  const saleWorks = await sales(client, post);
  table.push(...(await summarise(saleWorks, await alternate(saleWorks))));
  console.table(table);
  await writeFile('bench-results.json', `${JSON.stringify(table, null, 2)}\n`);
  verdict(table);
  for (const service of services) await stopProcess(service, 'SIGTERM', 20_000);
  await client.connection.close();
  await disconnect(sql);
  await temporal.stop();
  await postgres.stop();
  await rm(folder, { recursive: true });
});
