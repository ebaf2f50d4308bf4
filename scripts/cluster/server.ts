import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import postgres from 'postgres';
import { disconnect } from '../../db/connect.js';
import { Failure } from '../../runtime/failure.js';
import { goProgram } from '../servers/cache.js';
import { freePort } from '../servers/ports.js';
import { launchServer, stopProcess } from '../servers/processes.js';
import { COLLECTED_SELDOM } from '../servers/temporal.js';
import { runTool } from '../servers/tools.js';

const VERSION = '1.32.0';

export type Cluster = { address: string; pid: number; stop: () => Promise<void> };

/**
 * A real Temporal server on Postgres, as the Compose file runs it: its schema by its own tool, all services in one
 * process.
 */
export async function startCluster(postgresUrl: string, folder: string, say: (line: string) => void): Promise<Cluster> {
  const [server, sqlTool] = [
    await goProgram(
      { name: `temporal-server-${VERSION}`, program: `go.temporal.io/server/cmd/server@v${VERSION}` },
      say,
    ),
    await goProgram(
      { name: `temporal-sql-tool-${VERSION}`, program: `go.temporal.io/server/cmd/tools/sql@v${VERSION}` },
      say,
    ),
  ];
  const { hostname, port, username, password } = new URL(postgresUrl);
  for (const [database, schema] of [
    ['temporal', 'temporal'],
    ['temporal_visibility', 'visibility'],
  ] as const) {
    await createDatabase(postgresUrl, database);
    const login = [
      ['--plugin', 'postgres12', '--db', database],
      ['--ep', hostname, '-p', port],
      ['-u', username, '--pw', password],
    ].flat();
    await runTool(sqlTool, [...login, 'setup-schema', '-v', '0.0']);
    await runTool(sqlTool, [...login, 'update-schema', '--schema-name', `postgresql/v12/${schema}`]);
  }
  say('The schema is there.');
  const config = join(folder, 'cluster.json');
  const frontend = await freePort();
  // YAML is a superset of JSON.
  await writeFile(config, JSON.stringify(await configuration(new URL(postgresUrl), frontend)));
  const log = join(folder, 'cluster.log');
  const child = await launchServer(server, ['--config-file', config, '--allow-no-auth', 'start'], {
    log,
    told: COLLECTED_SELDOM,
  });
  const address = `127.0.0.1:${frontend}`;
  await untilServing(address, log);
  return { address, pid: child.pid ?? 0, stop: () => stopProcess(child, 'SIGTERM', 30_000) };
}

async function createDatabase(url: string, name: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  await sql.unsafe(`create database ${name}`);
  await disconnect(sql);
}

async function configuration({ host, username, password }: URL, frontendPort: number) {
  const datastore = (databaseName: string) => ({
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: host,
      connectProtocol: 'tcp',
      user: username,
      password,
      maxConns: 20,
      maxIdleConns: 20,
    },
  });
  const service = async (grpcPort?: number) => ({
    rpc: { grpcPort: grpcPort ?? (await freePort()), membershipPort: await freePort(), bindOnLocalHost: true },
  });
  return {
    log: { stdout: true, level: 'error' },
    persistence: {
      defaultStore: 'main',
      visibilityStore: 'visibility',
      numHistoryShards: 4,
      datastores: { main: datastore('temporal'), visibility: datastore('temporal_visibility') },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: {
      frontend: await service(frontendPort),
      matching: await service(),
      history: await service(),
      worker: await service(),
    },
    clusterMetadata: {
      ...{
        enableGlobalNamespace: false,
        failoverVersionIncrement: 10,
        masterClusterName: 'active',
        currentClusterName: 'active',
      },
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `127.0.0.1:${frontendPort}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: {
      filepath: new URL('../../docs/dynamic-config.yaml', import.meta.url).pathname,
      pollInterval: '10s',
    },
  };
}

async function untilServing(address: string, log: string): Promise<void> {
  for (const giveUpAt = Date.now() + 60_000; ;) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1_000 });
      try {
        await connection.workflowService.listNamespaces({});
      } finally {
        await connection.close();
      }
      return;
    } catch (error) {
      if (Date.now() > giveUpAt)
        throw new Failure(`The cluster does not answer at ${address} (${String(error)}); its log is ${log}.`);
      await pause(200);
    }
  }
}
