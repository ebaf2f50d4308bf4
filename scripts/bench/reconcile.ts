import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Failure } from '../../runtime/failure.js';
import { runOnce } from '../../runtime/runOnce.js';
import type { ReconciliationSummary } from '../../workflows/activities.js';
import { TASK_QUEUE } from '../../workflows/taskQueue.js';
import { apply, issue } from './calls.js';
import { startImport, untilRecorded } from './crowd.js';
import { measure, type Work } from './measure.js';
import { openStand, type Stand } from './stand.js';
import { callersOf, insist } from './till.js';
import { parts, type Part } from './usage.js';

const USAGE = 'usage: npm run bench:reconcile -- [--payments 50000]';
const WANTED = { payments: 50_000, withinS: 600 };
const [TILLS, ROUNDS, SECONDS] = [2, 3, 10];

/** How long a comparison of all payments takes, and what tills feel of it. */
await runOnce(async (settings) => {
  const count = payments();
  const stand = await openStand('npm start', settings);
  try {
    const send = await callersOf(stand.sql, stand.port, 'till', 32);
    const few = await Promise.all(Array.from({ length: 64 }, () => insist(() => issue(send, 'F'))));
    const open: string[] = [];
    console.log(`Issuing ${count} payments ...`);
    const stop = startImport(send, open);
    while (open.length < count) await pause(500);
    await stop();
    await untilRecorded(stand);
    const work: Work = {
      ...apply(send, 'apply', (i) => ({ customerId: 'F', reference: few[i % few.length] ?? '' })),
      callers: [],
    };
    await measure(stand, work, TILLS, SECONDS / 2);
    console.table([await costOf(stand)]);
    const rows = [];
    for (let round = 0; round < ROUNDS; round++) {
      const alone = await measure(stand, work, TILLS, SECONDS);
      const comparing = compare(stand, round);
      const beside = await measure(stand, work, TILLS, SECONDS);
      const { compared, outcome, seconds } = await comparing;
      const perSecond = compared / seconds;
      rows.push({
        compared,
        outcome,
        seconds: Math.round(seconds * 10) / 10,
        perSecond: Math.round(perSecond),
        secondsForAll: Math.round(WANTED.payments / perSecond),
        tillAloneP50Ms: medianOf(alone.latenciesMs),
        tillBesideP50Ms: medianOf(beside.latenciesMs),
      });
    }
    console.table(rows);
    console.log(`Wanted: ${WANTED.payments} within ${WANTED.withinS} s, and no till's p50 twice as long.`);
  } finally {
    await stand.stop();
  }
});

/** What one payment takes of each process' CPU, in milliseconds, while no till calls. */
async function costOf(stand: Stand): Promise<Record<string, number>> {
  const before = await stand.usage();
  const { compared, seconds } = await compare(stand, 'alone');
  const after = await stand.usage();
  const cost = (part: Part) => ((after.cpuSeconds(part) - before.cpuSeconds(part)) * 1_000) / compared;
  const each = Object.fromEntries(parts.map((part) => [part, Math.round(cost(part) * 100) / 100]));
  return { compared, perSecond: Math.round(compared / seconds), ...each };
}

/** As its schedule does. */
async function compare(
  { client }: Stand,
  round: number | 'alone',
): Promise<ReconciliationSummary & { seconds: number }> {
  const startedAt = performance.now();
  const summary = await client.workflow.execute<(asked: object) => Promise<ReconciliationSummary>>('reconciliation', {
    taskQueue: TASK_QUEUE,
    workflowId: `bench-${round}`,
    args: [{ scope: 'all' }],
  });
  return { ...summary, seconds: (performance.now() - startedAt) / 1_000 };
}

function medianOf(values: readonly number[]): number {
  return Math.round([...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN);
}

function payments(): number {
  const { values } = parseArgs({ options: { payments: { type: 'string', default: String(WANTED.payments) } } });
  const count = Number(values.payments);
  if (!Number.isInteger(count) || count < 1) throw new Failure(USAGE);
  return count;
}
