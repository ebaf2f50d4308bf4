import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, disconnect, type Sql } from '../../db/connect.js';
import { migrate } from '../../db/migrate.js';
import type { Settings } from '../../runtime/settings.js';
import { servicesEnvironment } from './environment.js';
import { temporaryFolder } from './ownFolder.js';
import { freePort } from './ports.js';
import { startPostgres } from './postgres.js';
import { postgresUser } from './postgresHome.js';
import { treeOf, type RunningServer } from './processes.js';
import { findTemporalCli, startTemporal } from './temporal.js';

const CONNECTIONS = 10;

/** A Postgres, migrated, and a Temporal server for one script, which are gone when it stops them. */
export type OwnServers = {
  readonly folder: string;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly namespace: string;
  readonly sql: Sql;
  readonly postgres: Interruptible;
  readonly temporal: Interruptible;
  /** What worker and API are started with to work here. */
  readonly environment: (port: number) => NodeJS.ProcessEnv;
  readonly stop: () => Promise<void>;
};

/** A server that answers nothing while it is stopped where it stands, or is killed and begun anew some time later. */
export type Interruptible = {
  readonly signal: (name: 'SIGSTOP' | 'SIGCONT') => void;
  readonly killAndBegin: (afterMs?: number) => Promise<void>;
};

type More = {
  /** Whether what Temporal holds outlives its process: then that can be killed. */
  readonly temporalKeeps?: 'nothing' | 'everything';
  readonly dynamicConfig?: Record<string, string>;
};

export async function startOwnServers(
  name: string,
  { temporalCli }: Settings,
  { temporalKeeps = 'nothing', dynamicConfig = {} }: More = {},
): Promise<OwnServers> {
  const folder = await temporaryFolder(`account-payments-${name}`, await postgresUser());
  const place = { folder: join(folder, 'postgres'), port: await freePort() };
  let postgres = await startPostgres(place);
  const cli = await findTemporalCli(temporalCli, console.log);
  const namespace = 'default';
  const kept = temporalKeeps === 'everything' ? join(folder, 'temporal.sqlite') : undefined;
  const at = {
    cli,
    namespace,
    port: await freePort(),
    log: join(folder, 'temporal.log'),
    database: kept,
    dynamicConfig,
  };
  let temporal = await startTemporal(at);
  const sql = connect(postgres.url, { name, connections: CONNECTIONS });
  await migrate(sql);
  return {
    folder,
    databaseUrl: postgres.url,
    temporalAddress: temporal.address,
    namespace,
    sql,
    postgres: {
      signal: (name) => signalServer(postgres.pid, name),
      killAndBegin: async (afterMs = 0) => {
        await killServer(postgres);
        await pause(afterMs);
        postgres = await startPostgres(place);
      },
    },
    temporal: {
      signal: (name) => signalServer(temporal.pid, name),
      killAndBegin: async (afterMs = 0) => {
        await killServer(temporal);
        await pause(afterMs);
        temporal = await startTemporal(at);
      },
    },
    environment: (port) => ({
      ...servicesEnvironment(process.env),
      DATABASE_URL: postgres.url,
      TEMPORAL_ADDRESS: temporal.address,
      PORT: String(port),
      LOG_LEVEL: 'error',
    }),
    stop: async () => {
      await disconnect(sql);
      await Promise.all([temporal.stop(), postgres.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function killServer({ pid, ended }: RunningServer): Promise<void> {
  signalServer(pid, 'SIGKILL');
  await ended;
}

/** The first of the tree is what holds the leash; then comes the postmaster, before all that it would begin anew. */
function signalServer(pid: number, name: NodeJS.Signals): void {
  const [, ...processes] = treeOf(pid);
  for (const each of processes) process.kill(each, name);
}
