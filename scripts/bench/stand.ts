import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { connect, disconnect, type Sql } from '../../db/connect.js';
import { Failure } from '../../runtime/failure.js';
import { readSettings, type Settings } from '../../runtime/settings.js';
import { startCluster } from '../cluster/server.js';
import { databaseUrlOf } from '../databaseUrl.js';
import { launch } from '../launch.js';
import { servicesEnvironment } from '../servers/environment.js';
import { temporaryFolder } from '../servers/ownFolder.js';
import { freePort } from '../servers/ports.js';
import { startPostgres } from '../servers/postgres.js';
import { postgresUser } from '../servers/postgresHome.js';
import { stopProcess } from '../servers/processes.js';
import { findTemporalCli, startTemporal } from '../servers/temporal.js';
import { usageOf, type Usage } from './usage.js';

/** Where Temporal keeps what it knows: in a file as `npm start` does, in memory alone, or in a Postgres. */
export type Shape = 'npm start' | 'memory' | 'cluster';

/** A service as `npm start` starts it, on ports and in a folder of its own, with the floors' worker beside it. */
export type Stand = {
  readonly port: number;
  readonly sql: Sql;
  readonly client: Client;
  /** What its processes, and this one, have used so far. */
  readonly usage: () => Promise<Usage>;
  /** The worker, which is started again when it is ended. */
  readonly killWorker: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const PATIENCE_MS = 30_000;
const ADMIN_KEY = `ap_bench000_${'0'.repeat(43)}`;

export async function openStand(shape: Shape, given: Settings, more: NodeJS.ProcessEnv = {}): Promise<Stand> {
  const folder = await temporaryFolder('account-payments-bench', await postgresUser());
  const temporal = await temporalOf(shape, folder, given);
  const [port, postgresPort, temporalPort, uiPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const env: NodeJS.ProcessEnv = {
    ...servicesEnvironment(process.env),
    PORT: String(port),
    POSTGRES_PORT: String(postgresPort),
    TEMPORAL_PORT: String(temporalPort),
    TEMPORAL_UI_PORT: String(uiPort),
    DATA_DIR: join(folder, 'data'),
    ADMIN_KEY,
    ...(temporal && { TEMPORAL_ADDRESS: temporal.address }),
    ...more,
  };
  const service = await npmStart(env, join(folder, 'start.log'));
  const databaseUrl = await databaseUrlOf(readSettings(env));
  const sql = connect(databaseUrl, { name: 'bench', connections: 40 });
  const address = temporal?.address ?? `127.0.0.1:${temporalPort}`;
  const client = new Client({ connection: await Connection.connect({ address }) });
  await sql`create table floor_rows (workflow text, number integer, primary key (workflow, number))`;
  await sql`create table floor_balances (id text primary key, balance bigint not null)`;
  const floors = await launch(fileURLToPath(new URL('./floorWorker.ts', import.meta.url)), {
    ...env,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: address,
  });
  const pids = [service.pid ?? 0, floors.pid ?? 0, ...(temporal?.pids ?? [])];
  const usage = () => usageOf(pids);
  return {
    port,
    sql,
    client,
    usage,
    killWorker: async () => {
      for (const { part, pid } of (await usage()).processes) if (part === 'worker') process.kill(pid, 'SIGKILL');
    },
    stop: async () => {
      await client.connection.close();
      await disconnect(sql);
      await stopProcess(floors, 'SIGTERM', PATIENCE_MS);
      await stopProcess(service, 'SIGTERM', 2 * PATIENCE_MS);
      await temporal?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Temporal = { address: string; pids: number[]; stop: () => Promise<unknown> };

async function temporalOf(shape: Shape, folder: string, { temporalCli }: Settings): Promise<Temporal | undefined> {
  switch (shape) {
    case 'npm start':
      return undefined;
    case 'memory': {
      const cli = await findTemporalCli(temporalCli, console.log);
      const log = join(folder, 'temporal.log');
      const server = await startTemporal({ cli, namespace: 'default', port: await freePort(), log });
      return { address: server.address, pids: [server.pid], stop: server.stop };
    }
    case 'cluster': {
      const postgres = await startPostgres({ folder: join(folder, 'temporal'), port: await freePort() });
      const cluster = await startCluster(postgres.url, folder, console.log);
      const stop = async () => {
        await cluster.stop();
        await postgres.stop();
      };
      return { address: cluster.address, pids: [cluster.pid, postgres.pid], stop };
    }
  }
}

async function npmStart(env: NodeJS.ProcessEnv, log: string): Promise<ChildProcess> {
  await mkdir(env['DATA_DIR'] ?? '', { recursive: true });
  const file = await open(log, 'a', 0o600);
  const run = fileURLToPath(new URL('../run.mjs', import.meta.url));
  const child = spawn(process.execPath, [run, 'scripts/start.ts'], { env, stdio: ['ignore', file.fd, file.fd, 'ipc'] });
  await file.close();
  await new Promise<void>((ready, reject) => {
    child.once('message', () => ready());
    child.once('exit', () => reject(new Failure(`npm start did not come up; its log is ${log}.`)));
  });
  return child;
}
