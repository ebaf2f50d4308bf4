import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../runtime/failure.js';
import { serversEnvironment } from './environment.js';

/** A server of ours that runs. */
export type RunningServer = {
  pid: number;
  log: string;
  stop: () => Promise<void>;
  /** Comes when it has ended, told to or not. */
  ended: Promise<void>;
};

export type User = { uid: number; gid: number } | undefined;

const leash = fileURLToPath(new URL('./leash.mjs', import.meta.url));

/**
 * A server in a group of its own, so that Ctrl-C reaches it through us and in our order, and on a leash, so that it
 * does not outlive us however we end. What it says goes to the file. Another user may not be able to look into our
 * working directory.
 */
export async function launchServer(
  program: string,
  args: string[],
  { log, user, told = {} }: { log: string; user?: User; told?: NodeJS.ProcessEnv },
): Promise<ChildProcess> {
  const file = await open(log, 'a');
  await file.chmod(0o600);
  const ids = user ? [String(user.uid), String(user.gid)] : ['', ''];
  const cwd = user ? { cwd: '/' } : {};
  const server = spawn(process.execPath, [leash, ...ids, program, ...args], {
    ...cwd,
    env: { ...serversEnvironment(process.env), ...told },
    detached: true,
    stdio: ['pipe', file.fd, file.fd],
  });
  await file.close();
  return server;
}

export function running(child: ChildProcess, log: string, stop: RunningServer['stop']): RunningServer {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return { pid: child.pid ?? 0, log, stop, ended };
}

export async function stopProcess(child: ChildProcess, signal: NodeJS.Signals, patienceMs: number): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await exited;
  clearTimeout(timer);
}

/** Ends processes that an earlier start left behind when it was killed: those whose command line names this path. */
export async function stopLeftovers(path: string): Promise<void> {
  const pids = pidsNaming(path);
  for (const pid of pids) signal(pid, 'SIGINT');
  const giveUpAt = Date.now() + 20_000;
  while (pidsNaming(path).length > 0) {
    if (Date.now() > giveUpAt) throw new Failure(`Process ${pids.join(', ')} still uses ${path}: stop it first.`);
    await pause(100);
  }
}

/** What `ps` lists. @throws Error when it finds nothing */
export function listProcesses(...args: string[]): string {
  return execFileSync('ps', args, { encoding: 'utf8', env: serversEnvironment(process.env), maxBuffer: 1e8 });
}

/** The running processes whose command line names this path. */
export function pidsNaming(path: string): number[] {
  if (process.platform === 'win32') return [];
  const lines = listProcesses('-Ao', 'pid=,args=').split('\n');
  return lines
    .filter((line) => line.split(/\s+/).includes(path))
    .map((line) => Number.parseInt(line, 10))
    .filter((pid) => pid !== process.pid);
}

/** A dead process that nobody has waited for, as in a container without an init, is not alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (process.platform === 'win32') return true;
    return !listProcesses('-o', 'stat=', '-p', String(pid)).startsWith('Z');
  } catch {
    return false;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself in between.
  }
}

/** The process and everything that it started, however deep. */
export function treeOf(pid: number): number[] {
  const pairs = listProcesses('-Ao', 'pid=,ppid=')
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.filter(([, ppid]) => ppid === parent).flatMap(([child = 0]) => [child, ...below(child)]);
  return [pid, ...below(pid)];
}
