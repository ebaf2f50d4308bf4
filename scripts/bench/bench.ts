import { writeFile } from 'node:fs/promises';
import { Client, Connection } from '@temporalio/client';
import { runOnce } from '../../runtime/runOnce.js';
import { launch } from '../launch.js';
import { ensureMainShop } from '../mainShop.js';
import { freePort } from '../servers/ports.js';
import { startOwnServers } from '../servers/own.js';
import { stopProcess } from '../servers/processes.js';
import { alternate } from './measure.js';
import { summarise, verdict } from './summary.js';
import { tillOf } from './till.js';
import { applies, floor, sales } from './works.js';

/**
 * A: apply over HTTP, with both preferences. B: the engine's floor with a record. C: an update and nothing else.
 * D: a sale over three payments in one request. E: a quote.
 */
await runOnce(async (settings) => {
  const servers = await startOwnServers('bench', settings);
  const { sql } = servers;
  await ensureMainShop(sql, settings);
  const client = new Client({ connection: await Connection.connect({ address: servers.temporalAddress }) });
  await sql`create table floor_rows (workflow text, number integer, primary key (workflow, number))`;
  const port = await freePort();
  // Each in a process of its own, as production has them; the floor's worker too, so that all stand alike.
  const env = servers.environment(port);
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
  await servers.stop();
});
