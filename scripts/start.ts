import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Connection } from '@temporalio/client';
import { ensureAdminKey, tellReplaced } from './adminKey.js';
import { ensureFirstAdmin, FIRST_ADMIN } from './firstAdmin.js';
import { ensureMainShop } from './mainShop.js';
import { createKeyring } from '../api/http/keys.js';
import { connect, disconnect, STATEMENT_MS } from '../db/connect.js';
import { migrate } from '../db/migrate.js';
import { Failure } from '../runtime/failure.js';
import { runProcess } from '../runtime/runProcess.js';
import type { Settings } from '../runtime/settings.js';
import { logFolder, takeDataFolder } from './dataFolder.js';
import { keepRunning } from './keepRunning.js';
import { ensureNamespace } from './namespace.js';
import { ensureSchedules } from './schedules.js';
import { findServices } from './servers/builtServices.js';
import { servicesEnvironment } from './servers/environment.js';
import { startPostgres } from './servers/postgres.js';
import { postgresHome, postgresUser } from './servers/postgresHome.js';
import { assertPortIsFree, hiddenOrigin } from './servers/ports.js';
import { stopLeftovers, type RunningServer } from './servers/processes.js';
import { findTemporalCli, startTemporal } from './servers/temporal.js';
import { serviceUrl } from './serviceUrl.js';
import { openUiDoor } from './uiDoor/door.js';
import { mayActIn } from './uiDoor/mayAct.js';

const say = (line: string) => console.log(line);

/** A new namespace is known everywhere after ten seconds and more. */
const REACHED_WITHIN_MS = 90_000;

await runProcess(async (settings) => {
  // Nothing that is started from here is told them.
  for (const secret of ['ADMIN_KEY', 'DATABASE_OWNER_URL'])
    for (const name of [secret, `${secret}_FILE`]) delete process.env[name];
  const stops: (() => Promise<unknown>)[] = [];
  const ends: Promise<Failure>[] = [];
  const keep: Keep = (name, { stop, ended, log }) => {
    stops.push(stop);
    ends.push(ended.then(() => new Failure(`${name} has ended, so nothing here goes on; its log is ${log}.`)));
  };
  const stop = async () => {
    say('Stopping ...');
    for (const each of stops.reverse()) await each();
    say('Stopped.');
  };
  try {
    await start(settings, (each) => stops.push(each), keep);
  } catch (error) {
    for (const each of stops.reverse()) await each();
    throw error;
  }
  return { stop, failed: Promise.race(ends) };
});

/** Sees to it that a server of ours is stopped with us, and that we end when it does. */
type Keep = (name: string, server: RunningServer) => void;

async function start(settings: Settings, onStop: (stop: () => Promise<unknown>) => void, keep: Keep): Promise<void> {
  const dataDir = resolve(settings.dataDir);
  onStop(await takeDataFolder(dataDir));
  await assertPortIsFree(settings.port, 'PORT', settings.host);

  const ownerUrl = givenOwner(settings) ?? (await ownPostgres(settings, dataDir, keep));
  const { temporalAddress } = settings;
  const temporal =
    temporalAddress === undefined ? await ownTemporal(settings, dataDir, keep) : { address: temporalAddress };
  const { address } = temporal;
  await reach(settings, address);

  const sql = connect(ownerUrl, { name: 'account-payments-start', connections: 1, warn: say });
  const migrations = await migrate(sql).catch((error: unknown) => {
    throw new Failure(`Postgres cannot be used: ${error instanceof Error ? error.message : 'unknown'}.`);
  });
  if (migrations.length > 0) say(`Migrated: ${migrations.join(', ')}`);
  await ensureMainShop(sql, settings);

  const databaseUrl = settings.databaseUrl ?? (await serviceUrl(sql, ownerUrl, dataDir));
  const found = { DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: address, ...uiOf(settings) };
  const env = { ...servicesEnvironment(process.env), ...found };
  if ('ui' in temporal) onStop(await openUi(settings, databaseUrl, temporal.ui));
  say('Starting worker and API ...');
  const services = await findServices(dataDir);
  const log = logFolder(dataDir);
  onStop(await startService('worker', services, env, log));
  onStop(await startService('api', services, env, log));
  // Last, so that a key or a password is made only by a start that lives to show it.
  const adminKey = await ensureAdminKey(sql, settings.adminKey);
  tellReplaced(adminKey).forEach(say);
  const made = {
    key: adminKey.made,
    password: await ensureFirstAdmin(sql, ownerUrl),
  };
  await disconnect(sql);
  announce(settings, made, log);
}

function givenOwner({ databaseUrl, databaseOwnerUrl }: Settings): string | undefined {
  if (databaseOwnerUrl !== undefined && databaseUrl === undefined)
    throw new Failure('DATABASE_OWNER_URL is set and DATABASE_URL, as whom API and worker connect, is not.');
  return databaseOwnerUrl ?? databaseUrl;
}

async function ownPostgres(settings: Settings, dataDir: string, keep: Keep): Promise<string> {
  say('Starting Postgres ...');
  const folder = await postgresHome(join(dataDir, 'postgres'), await postgresUser());
  // What a start that was killed left running is ended first.
  await stopLeftovers(join(folder, 'data'));
  await assertPortIsFree(settings.postgresPort, 'POSTGRES_PORT');
  const server = await startPostgres({ folder, port: settings.postgresPort });
  keep('Postgres', server);
  return server.url;
}

async function ownTemporal(settings: Settings, dataDir: string, keep: Keep): Promise<{ address: string; ui: URL }> {
  const cli = await findTemporalCli(settings.temporalCli, say);
  say('Starting Temporal ...');
  const database = join(dataDir, 'temporal.sqlite');
  await stopLeftovers(database);
  await assertPortIsFree(settings.temporalPort, 'TEMPORAL_PORT');
  await assertPortIsFree(settings.temporalUiPort, 'TEMPORAL_UI_PORT');
  const ui = await hiddenOrigin();
  const server = await startTemporal({
    cli,
    namespace: settings.temporal.namespace,
    port: settings.temporalPort,
    ui,
    database,
    log: join(dataDir, 'temporal.log'),
  });
  keep("Temporal's development server", server);
  return { address: server.address, ui };
}

/** Whoever is on this machine may look; to act, one signs in with an admin key. */
async function openUi(settings: Settings, databaseUrl: string, ui: URL): Promise<() => Promise<void>> {
  const sql = connect(databaseUrl, { name: 'account-payments-ui', connections: 2, statementMs: STATEMENT_MS });
  const listening = { host: '127.0.0.1', port: settings.temporalUiPort, names: [] };
  const mayAct = mayActIn(createKeyring({ sql, trustMs: settings.keyTrustMs }));
  const close = await openUiDoor({ ui, ...listening, looking: 'open', mayAct });
  return async () => {
    await close();
    await disconnect(sql);
  };
}

/** Admins are shown the way to the UI that was started here. */
function uiOf({ temporalAddress, temporalUiUrl, temporalUiPort }: Settings): NodeJS.ProcessEnv {
  const isOwn = temporalAddress === undefined && temporalUiUrl === undefined;
  return isOwn ? { TEMPORAL_UI_URL: `http://127.0.0.1:${temporalUiPort}` } : {};
}

/** Sees to it that the server, ours or an existing one, has the namespace, the search attributes and the schedules. */
async function reach({ temporal, shopTimeZone }: Settings, address: string): Promise<void> {
  const options = { ...temporal.connectionOptions, address, connectTimeout: 5_000 };
  const connection = await Connection.connect(options).catch(() => {
    throw new Failure(`Temporal cannot be reached at ${address}: check TEMPORAL_ADDRESS.`);
  });
  try {
    await connection.withDeadline(Date.now() + REACHED_WITHIN_MS, async () => {
      await ensureNamespace(connection, temporal.namespace);
      await ensureSchedules(connection, temporal.namespace, shopTimeZone);
    });
  } finally {
    await connection.close();
  }
}

/** Its log goes to a file; what a person has to see to comes on the console. */
async function startService(
  name: 'worker' | 'api',
  services: string,
  env: NodeJS.ProcessEnv,
  logFolder: string,
): Promise<() => Promise<void>> {
  const log = join(logFolder, `${name}.log`);
  const launch = () => {
    const file = openSync(log, 'a');
    try {
      return spawn(process.execPath, [join(services, name, 'main.js')], {
        env,
        detached: true,
        stdio: ['ignore', file, 'inherit', 'ipc'],
      });
    } finally {
      closeSync(file);
    }
  };
  return keepRunning({ name, launch, say: (line) => console.error(`${line} Its log is ${log}.`) }).catch(() => {
    throw new Failure(`The ${name} did not start; its log is ${log}.`);
  });
}

type Made = { readonly key: string | undefined; readonly password: string | undefined };

function announce(settings: Settings, { key, password }: Made, logFolder: string): void {
  const api = `http://${settings.host}:${settings.port}`;
  say('');
  say(`Pages        ${settings.publicUrl?.origin ?? api}`);
  say(`API          ${api}/v1`);
  say(`API docs     ${api}/docs`);
  if (settings.temporalAddress === undefined) say(`Temporal UI  http://127.0.0.1:${settings.temporalUiPort}`);
  if (key !== undefined) say(`Admin key    ${key}   (shown only now; "npm run keys" makes more)`);
  if (password !== undefined)
    say(`First admin  ${FIRST_ADMIN}, password ${password}   (shown only now; "npm run staff" makes more)`);
  say(`Logs         ${logFolder}`);
  say('');
  say('Ready. Ctrl-C stops everything.');
}
