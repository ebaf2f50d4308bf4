import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { disconnect } from '../../db/connect.js';
import { Failure } from '../../runtime/failure.js';
import { serversEnvironment } from './environment.js';
import { postgresHome, postgresUser } from './postgresHome.js';
import { postgresPrograms } from './postgresPrograms.js';
import { launchServer, pidsNaming, running, stopProcess, type RunningServer, type User } from './processes.js';

const run = promisify(execFile);

export type PostgresServer = RunningServer & { url: string };

type PostgresOptions = {
  folder: string;
  port: number;
  /** Beside those that it needs here: `fsync=off`. */
  settings?: readonly string[];
};

/**
 * Starts npm's own Postgres on a folder, which is made when it is not there, listening on this machine only. Run by
 * hand rather than by the package's class, which would stop it on our signals before we have drained.
 */
export async function startPostgres({ folder, port, settings = [] }: PostgresOptions): Promise<PostgresServer> {
  const user = await postgresUser();
  const bin = await postgresPrograms(user);
  const home = await postgresHome(folder, user);
  const data = join(home, 'data');
  const passwordFile = join(home, 'password');
  if (!(await exists(join(data, 'PG_VERSION')))) await initialise(bin, data, passwordFile, user);
  const password = (await readFile(passwordFile, 'utf8')).trim();
  // Postgres takes the pid in its lock file for a running server even when that process is dead and not yet waited for.
  if (pidsNaming(data).length === 0) await rm(join(data, 'postmaster.pid'), { force: true });
  const log = join(home, 'log');
  const given = ['listen_addresses=127.0.0.1', ...settings].flatMap((setting) => ['-c', setting]);
  const args = ['-D', data, '-p', String(port), '-k', '', ...given];
  const server = await launchServer(join(bin, 'postgres'), args, { log, user });
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/account_payments`;
  let ended = false;
  server.once('exit', () => (ended = true));
  await untilReady(url, () => ended, log);
  return { url, ...running(server, log, () => stopProcess(server, 'SIGINT', 30_000)) };
}

/** Made beside its place and then moved there, so that a start that is killed half-way leaves nothing half made. */
async function initialise(bin: string, data: string, passwordFile: string, user: User): Promise<void> {
  const fresh = `${data}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (user) for (const path of [fresh, passwordFile]) await chown(path, user.uid, user.gid);
  const options = [
    '--auth=scram-sha-256',
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--locale=C',
    '--encoding=UTF8',
  ];
  await run(join(bin, 'initdb'), [`--pgdata=${fresh}`, ...options], {
    cwd: '/',
    env: serversEnvironment(process.env),
    ...user,
  }).catch((error: Error & { stderr?: string }) => {
    throw new Failure(`Postgres could not set up ${data}: ${error.stderr?.trim().split('\n').at(-1) ?? error.message}`);
  });
  await rename(fresh, data);
}

async function untilReady(url: string, hasEnded: () => boolean, log: string): Promise<void> {
  const admin = new URL(url);
  admin.pathname = '/postgres';
  for (const giveUpAt = Date.now() + 60_000; ;) {
    const sql = postgres(admin.href, { max: 1, connect_timeout: 2, onnotice: () => undefined });
    try {
      const found = await sql`select from pg_database where datname = 'account_payments'`;
      if (found.length === 0) await sql`create database account_payments`;
      return;
    } catch (error) {
      if (hasEnded()) throw new Failure(`Postgres did not start: its log is ${log}.`);
      if (Date.now() > giveUpAt) throw new Failure(`Postgres does not answer (${String(error)}): its log is ${log}.`);
    } finally {
      await disconnect(sql);
    }
    await pause(50);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
