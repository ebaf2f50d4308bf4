import { readFile } from 'node:fs/promises';
import { listProcesses } from '../servers/processes.js';

export const parts = ['API', 'worker', 'Temporal', 'Postgres', 'floors', 'callers'] as const;
export type Part = (typeof parts)[number];

type Process = { readonly part: Part; readonly pid: number; readonly cpuSeconds: number; readonly memoryMiB: number };

export type Usage = {
  readonly processes: readonly Process[];
  readonly cpuSeconds: (part: Part) => number;
  readonly memoryMiB: (part: Part) => number;
};

/** What these processes and all below them have used; of what has no /proc nothing is known, and all is 0. */
export async function usageOf(roots: readonly number[]): Promise<Usage> {
  const found = [{ part: 'callers' as const, pid: process.pid }, ...partsBelow(roots)];
  const processes = await Promise.all(found.map(async (each) => ({ ...each, ...(await figuresOf(each.pid)) })));
  const sum = (part: Part, figure: 'cpuSeconds' | 'memoryMiB') =>
    processes.reduce((total, each) => (each.part === part ? total + each[figure] : total), 0);
  return {
    processes,
    cpuSeconds: (part) => sum(part, 'cpuSeconds'),
    memoryMiB: (part) => sum(part, 'memoryMiB'),
  };
}

/** By its command line; the leash that holds a server names the same program. */
function partOf(command: string): Part | undefined {
  if (command.includes('leash.mjs')) return undefined;
  if (command.includes('api/main.')) return 'API';
  if (command.includes('worker/main.')) return 'worker';
  if (command.includes('floorWorker.')) return 'floors';
  if (/ start-dev | --allow-no-auth /.test(command)) return 'Temporal';
  return /bin\/postgres -D|^postgres:/.test(command) ? 'Postgres' : undefined;
}

function partsBelow(roots: readonly number[]): { part: Part; pid: number }[] {
  const all = listProcesses('-Ao', 'pid=,ppid=,args=')
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .flatMap((match) => (match ? [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3] ?? '' }] : []));
  const below = (pid: number): typeof all =>
    all.filter(({ parent }) => parent === pid).flatMap((each) => [each, ...below(each.pid)]);
  return [...all.filter(({ pid }) => roots.includes(pid)), ...roots.flatMap(below)].flatMap(({ pid, command }) => {
    const part = partOf(command);
    return part === undefined ? [] : [{ part, pid }];
  });
}

const TICKS_A_SECOND = 100;

async function figuresOf(pid: number): Promise<Pick<Process, 'cpuSeconds' | 'memoryMiB'>> {
  const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  const [stat, memory] = [await read('stat'), await read('smaps_rollup')];
  // After the name, which may hold blanks: the twelfth and its three successors are time in user and system mode, the
  // process' own and that of children who have ended.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  // Shared pages count in parts, so that Postgres' processes do not count them once each.
  const kibibytes = Number(/^Pss:\s+(\d+)/m.exec(memory)?.[1] ?? 0);
  return { cpuSeconds: ticks / TICKS_A_SECOND, memoryMiB: kibibytes / 1024 };
}
