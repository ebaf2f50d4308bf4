import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, disconnect, type Sql } from '../../db/connect.js';
import { migrate } from '../../db/migrate.js';
import type { Settings } from '../../runtime/settings.js';
import { temporaryFolder } from './ownFolder.js';
import { freePort } from './ports.js';
import { startPostgres } from './postgres.js';
import { postgresUser } from './postgresHome.js';
import { treeOf } from './processes.js';
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
  /** What worker and API are started with to work here. */
  readonly environment: (port: number) => NodeJS.ProcessEnv;
  readonly stop: () => Promise<void>;
};

/** A Postgres that answers nothing while it is stopped where it stands, or is killed and begun anew. */
type Interruptible = {
  readonly signal: (name: 'SIGSTOP' | 'SIGCONT') => void;
  readonly killAndBegin: () => Promise<void>;
};

export async function startOwnServers(name: string, { temporalCli }: Settings): Promise<OwnServers> {
  const folder = await temporaryFolder(`account-payments-${name}`, await postgresUser());
  const place = { folder: join(folder, 'postgres'), port: await freePort() };
  let postgres = await startPostgres(place);
  const cli = await findTemporalCli(temporalCli, console.log);
  const namespace = 'default';
  const log = join(folder, 'temporal.log');
  const temporal = await startTemporal({ cli, namespace, port: await freePort(), log });
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
      killAndBegin: async () => {
        signalServer(postgres.pid, 'SIGKILL');
        await postgres.ended;
        postgres = await startPostgres(place);
      },
    },
    environment: (port) => ({
      ...process.env,
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

/** The first of the tree is what holds the leash; then comes the postmaster, before all that it would begin anew. */
function signalServer(pid: number, name: NodeJS.Signals): void {
  const [, ...processes] = treeOf(pid);
  for (const each of processes) process.kill(each, name);
}
