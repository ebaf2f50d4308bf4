import type { ReconciliationSummary } from '../../workflows/activities.js';
import { TASK_QUEUE } from '../../workflows/taskQueue.js';
import { measure, type Work } from './measure.js';
import type { Stand } from './stand.js';
import { rounded } from './summary.js';
import { parts } from './usage.js';

const [TILLS, SECONDS] = [2, 20];

/** How long all payments take to be compared with the books, as the schedule has it done, and what tills feel of it. */
export async function compareAll(stand: Stand, work: Work) {
  const alone = await measure(stand, work, TILLS, SECONDS);
  const startedAt = performance.now();
  const comparing = compare(stand);
  const beside = await measure(stand, work, TILLS, SECONDS);
  const besideEndedAt = performance.now();
  const before = await stand.usage();
  const { compared, outcome } = await comparing;
  const after = await stand.usage();
  const seconds = (performance.now() - startedAt) / 1_000;
  const restS = (performance.now() - besideEndedAt) / 1_000;
  // As many a second in the rest as in all: its pace is bounded, and the tills have ended.
  const rest = Math.max(1, (compared * restS) / seconds);
  const cpuMs = parts.map((part) => {
    const used = after.cpuSeconds(part) - before.cpuSeconds(part);
    return [`${part} CPU ms`, rounded((used * 1_000) / rest)];
  });
  return {
    compared,
    outcome,
    seconds: rounded(seconds),
    perSecond: rounded(compared / seconds),
    tillAloneP50Ms: medianOf(alone.latenciesMs),
    tillBesideP50Ms: medianOf(beside.latenciesMs),
    ...(Object.fromEntries(cpuMs) as Record<string, number>),
  };
}

function compare({ client }: Stand): Promise<ReconciliationSummary> {
  return client.workflow.execute<(asked: object) => Promise<ReconciliationSummary>>('reconciliation', {
    taskQueue: TASK_QUEUE,
    workflowId: 'bench-comparison',
    args: [{ scope: 'all' }],
  });
}

function medianOf(values: readonly number[]): number {
  return rounded([...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN);
}
