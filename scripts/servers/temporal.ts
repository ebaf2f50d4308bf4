import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import { searchAttributes } from '../../workflows/searchAttributes.js';
import { cacheFolder, goProgram, isFile, onPath } from './cache.js';
import { Failure } from '../../runtime/failure.js';
import { launchServer, running, stopProcess, type RunningServer } from './processes.js';
import { runTool } from './tools.js';

/**
 * It carries server 1.29.1 and its UI; later ones ask for a module that cannot be had by itself. The SQLite that it
 * asks for answers `interrupted (9)` for ever once a call was given up between a query's first row and its answer;
 * this one, which comes with server 1.32, does not.
 */
const BUILT = {
  name: 'temporal-cli-1.5.1-sqlite-1.51.0',
  program: 'github.com/temporalio/cli/cmd/temporal@v1.5.1',
  newer: ['modernc.org/sqlite@v1.51.0'],
};
const SOUND_SERVER = [1, 32] as const;

/**
 * Eager activities halve the time from a decision to its record. Temporal's ten updates in flight a workflow make the
 * eleventh caller of one payment back off for seconds, and starve under a burst; two hundred with long baskets would be
 * more than it writes at once, and it ends the workflow for that, so they are bounded together. A run of ten thousand
 * signals is replayed for longer than a workflow task may take, and then it is never done. Its HTTP port, which any
 * page in a browser on this machine could call, answers to a name that nobody has.
 */
const DYNAMIC_CONFIG = {
  'history.maximumBufferedEventsBatch': '5000',
  'system.enableActivityEagerExecution': 'true',
  'history.maxInFlightUpdates': '200',
  'history.maxInFlightUpdatePayloads': String(1024 * 1024),
  'history.maximumSignalsPerExecution': '1200',
  'frontend.httpAllowedHosts': '["nobody.invalid"]',
};

/**
 * SQLite appends to a log and copies it into place later, where it would write each page twice and wait for the disk
 * both times. What a process that dies had answered is there; a machine that loses its power may lose the last moments.
 */
const WRITTEN_AHEAD = ['journal_mode=wal', 'synchronous=1'].flatMap((pragma) => ['--sqlite-pragma', pragma]);

/**
 * It makes much garbage and keeps little. Go collects whenever there is as much of it as is kept, which took a sixth of
 * the server's time: at four times as much it does so a quarter as often, until there is no more memory than this.
 */
export const COLLECTED_SELDOM = { GOGC: '400', GOMEMLIMIT: '768MiB' };

export type TemporalServer = RunningServer & { address: string };

export type TemporalServerOptions = {
  cli: string;
  namespace: string;
  port: number;
  /** Without it, there is no UI. It answers to any name, so a door belongs before it. */
  ui?: URL | undefined;
  /** Chosen by the server unless said. */
  httpPort?: number | undefined;
  /** Without it, everything is gone when the server stops. */
  database?: string | undefined;
  log: string;
  dynamicConfig?: Record<string, string>;
};

/** It takes free ports for its own parts, and another program may take one of them first. */
const MOST_STARTS = 3;
/** One that accepts a connection and then says nothing is asked again, for it is given up some time. */
const ANSWERS_WITHIN_MS = 10_000;

/** Starts Temporal's development server, listening on this machine only. @throws Failure when it does not come up */
export async function startTemporal(options: TemporalServerOptions): Promise<TemporalServer> {
  for (let starts = 1; starts <= MOST_STARTS; starts++) {
    const server = await startOnce(options);
    if (server !== 'ended') return server;
  }
  throw new Failure(`Temporal's development server did not start: its log is ${options.log}.`);
}

async function startOnce(options: TemporalServerOptions): Promise<TemporalServer | 'ended'> {
  const { cli, namespace, port, ui, httpPort, database } = options;
  const config = { ...DYNAMIC_CONFIG, ...options.dynamicConfig };
  const server = await launchServer(
    cli,
    [
      ...[
        'server',
        'start-dev',
        '--ip',
        '127.0.0.1',
        '--port',
        String(port),
        '--namespace',
        namespace,
        '--log-level',
        'error',
      ],
      ...(ui === undefined ? ['--headless'] : ['--ui-ip', ui.hostname, '--ui-port', ui.port]),
      ...(httpPort === undefined ? [] : ['--http-port', String(httpPort)]),
      ...(database === undefined ? [] : ['--db-filename', database, ...WRITTEN_AHEAD]),
      ...Object.entries(searchAttributes).flatMap(([name, type]) => [
        '--search-attribute',
        `${name}=${capitalised(type)}`,
      ]),
      ...Object.entries(config).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]),
    ],
    { log: options.log, told: COLLECTED_SELDOM },
  );
  let ended = false;
  server.once('error', () => (ended = true)).once('exit', () => (ended = true));
  const address = `127.0.0.1:${port}`;
  if ((await untilServing({ address, namespace, hasEnded: () => ended, log: options.log })) === 'ended') return 'ended';
  return { address, ...running(server, options.log, () => stopProcess(server, 'SIGTERM', 15_000)) };
}

/** The first of: the given path, a sound one on PATH, our cache, the SDK's download, a build with Go. */
export async function findTemporalCli(given: string | undefined, say: (line: string) => void): Promise<string> {
  if (given !== undefined) {
    if (await isFile(given)) return given;
    throw new Failure(`TEMPORAL_CLI names ${given}, which is not there.`);
  }
  const found = (await soundOnPath()) ?? (await cachedCli());
  if (found) return found;
  say("Fetching Temporal's development server ...");
  try {
    await fetchServer('development', cacheFolder('temporal-download'));
  } catch {
    say('It could not be downloaded.');
  }
  return (await cachedCli()) ?? goProgram(BUILT, say);
}

async function soundOnPath(): Promise<string | undefined> {
  const found = await onPath('temporal');
  return found !== undefined && (await saysThatItIsSound(found)) ? found : undefined;
}

/** Another program of that name may not know what it is asked. */
export function saysThatItIsSound(program: string): Promise<boolean> {
  return runTool(program, ['--version']).then(
    ({ stdout }) => isSound(stdout),
    () => false,
  );
}

/** @param version as the program says it: `temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)` */
export function isSound(version: string): boolean {
  const [, major = 0, minor = 0] = /Server (\d+)\.(\d+)/.exec(version)?.map(Number) ?? [];
  const [soundMajor, soundMinor] = SOUND_SERVER;
  return major > soundMajor || (major === soundMajor && minor >= soundMinor);
}

async function cachedCli(): Promise<string | undefined> {
  const built = join(cacheFolder(BUILT.name), 'temporal');
  if (await isFile(built)) return built;
  const folder = cacheFolder('temporal-download');
  const downloaded = (await readdir(folder).catch(() => [])).find(
    (name) => name.startsWith('temporal-') && !name.includes('.'),
  );
  return downloaded && join(folder, downloaded);
}

const fetching = fileURLToPath(new URL('./fetchServer.mjs', import.meta.url));

/** By the SDK, in a process that is told no more than a tool is. */
export async function fetchServer(kind: 'development' | 'timeSkipping', folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await runTool(process.execPath, [fetching, kind, folder]);
}

type Wait = { address: string; namespace: string; hasEnded: () => boolean; log: string };

async function untilServing({ address, namespace, hasEnded, log }: Wait): Promise<'serving' | 'ended'> {
  for (const giveUpAt = Date.now() + 60_000; ;) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1_000 });
      try {
        const { workflowService } = connection;
        await connection.withDeadline(Date.now() + ANSWERS_WITHIN_MS, async () => {
          await workflowService.describeNamespace({ namespace });
          await workflowService.listWorkflowExecutions({ namespace, query: "CustomerId = 'nobody'" });
        });
        return 'serving';
      } finally {
        await connection.close();
      }
    } catch (error) {
      if (hasEnded()) return 'ended';
      if (Date.now() > giveUpAt)
        throw new Failure(`Temporal does not answer at ${address} (${String(error)}); log: ${log}.`);
    }
    await pause(100);
  }
}

function capitalised(type: string): string {
  return type === 'DATETIME' ? 'Datetime' : type.charAt(0) + type.slice(1).toLowerCase();
}
