import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Failure } from '../../runtime/failure.js';
import { runOnce } from '../../runtime/runOnce.js';
import { inParallel } from '../../activities/inParallel.js';
import { apply, issue } from './calls.js';
import { compareAll } from './comparing.js';
import { startImport, untilRecorded } from './crowd.js';
import { measure, type Sample, type Work } from './measure.js';
import { openStand, type Stand } from './stand.js';
import { rounded } from './summary.js';
import { callersOf, insist, type Send } from './till.js';

const USAGE = 'usage: npm run bench:growth -- [--movements 10,1000,9000] [--payments 100,10000,50000]';
const RESULTS = 'bench-growth.json';
const SECONDS = 4;
const COLD = 40;
const LOADERS = 16;

/**
 * How the cost of a command grows: with what its payment has been through, and with how many others are open. When all
 * are, they are compared with the books.
 */
await runOnce(async (settings) => {
  const { movements, payments } = options();
  const stand = await openStand('npm start', settings);
  try {
    const tills = await callersOf(stand.sql, stand.port, 'till', 2 * LOADERS);
    const byMovements = await inTurn(movements, (count) => withMovements(stand, tills, count));
    console.table(byMovements);
    const open: string[] = [];
    const byPayments = await inTurn(payments, (count) => withPayments(stand, tills, open, count));
    console.table(byPayments);
    const comparison = await compareAll(stand, on(open, 'M', tills));
    console.table([comparison]);
    const at = new Date().toISOString();
    await writeFile(RESULTS, `${JSON.stringify({ at, byMovements, byPayments, comparison }, null, 2)}\n`);
  } finally {
    await stand.stop();
  }
});

/** A payment that has moved so often: what another command costs, and the first after its worker has gone. */
async function withMovements(stand: Stand, tills: Send, count: number) {
  const reference = await insist(() => issue(tills, 'G'));
  const work = on([reference], 'G', tills);
  await inParallel(LOADERS, count - 1, () => insist(() => work.call(0)));
  const sample = await measure(stand, work, 1, SECONDS);
  return { movements: count, ...figuresOf(sample), ...(await takeOver(stand, work, [])) };
}

/** So many payments are open: what they take of memory, a command's cost at random among them, and of cold ones. */
async function withPayments(stand: Stand, tills: Send, open: string[], count: number) {
  const stop = startImport(tills, open);
  while (open.length < count) await pause(500);
  await stop();
  await untilRecorded(stand);
  const work = on(open, 'M', tills);
  const sample = await measure(stand, work, 8, SECONDS);
  const usage = await stand.usage();
  const memory = { workerMiB: rounded(usage.memoryMiB('worker')), serverMiB: rounded(usage.memoryMiB('Temporal')) };
  const some = Array.from({ length: COLD }, () => Math.floor(Math.random() * open.length));
  return { payments: open.length, ...figuresOf(sample), ...memory, ...(await takeOver(stand, work, some)) };
}

/** The worker is killed: how long until another one has answered, and what others of its payments take then. */
async function takeOver(stand: Stand, work: Work, calls: readonly number[]) {
  const killedAt = performance.now();
  await stand.killWorker();
  await insist(() => work.call(0));
  const takeOverMs = rounded(performance.now() - killedAt);
  return { takeOverMs, coldMs: calls.length === 0 ? null : await medianOf(work, calls) };
}

async function medianOf(work: Work, calls: readonly number[]): Promise<number> {
  const latenciesMs: number[] = [];
  for (const i of calls) {
    const sentAt = performance.now();
    await insist(() => work.call(i));
    latenciesMs.push(performance.now() - sentAt);
  }
  return rounded(latenciesMs.sort((a, b) => a - b)[Math.floor(latenciesMs.length / 2)] ?? 0);
}

function on(references: readonly string[], customerId: string, send: Send): Work {
  const at = (i: number) => ({ customerId, reference: references[i % references.length] ?? '' });
  return { ...apply(send, 'apply', at), callers: [] };
}

function figuresOf({ latenciesMs, seconds, cpuSeconds }: Sample) {
  const sorted = [...latenciesMs].sort((a, b) => a - b);
  const each = (total: number) => rounded((1_000 * total) / Math.max(1, sorted.length));
  return {
    perSecond: rounded(sorted.length / seconds),
    p50Ms: rounded(sorted[Math.floor(sorted.length / 2)] ?? 0),
    workerCpuMs: each(cpuSeconds.worker),
    serverCpuMs: each(cpuSeconds.Temporal),
  };
}

async function inTurn<T>(counts: readonly number[], each: (count: number) => Promise<T>): Promise<T[]> {
  const rows: T[] = [];
  for (const count of counts) rows.push(await each(count));
  return rows;
}

function options() {
  const counts = (text: string) => {
    const all = text.split(',').map(Number);
    if (all.some((count) => !Number.isSafeInteger(count) || count < 1)) throw new Failure(USAGE);
    return all;
  };
  const names = { movements: { type: 'string' }, payments: { type: 'string' } } as const;
  try {
    const { values } = parseArgs({ args: process.argv.slice(2), options: names });
    const { movements = '10,1000,9000', payments = '100,10000,50000' } = values;
    return { movements: counts(movements), payments: counts(payments) };
  } catch {
    throw new Failure(USAGE);
  }
}
