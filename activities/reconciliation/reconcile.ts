import { setTimeout } from 'node:timers/promises';
import { noteDifferences, noteReconciliation, type OpenDifference } from '../../db/reconciliation/differences.js';
import {
  allPayments,
  changedPayments,
  countPayments,
  withoutRow,
  type Compared,
} from '../../db/reconciliation/references.js';
import { instantOf } from '../../domain/instants.js';
import { isTooManyToFreeze, keyOfDifference, type Difference } from '../../domain/reconciliation/difference.js';
import {
  LOOKED_AT_AGAIN_AFTER_MS,
  type Reconciled,
  type ReconciliationOutcome,
  type Reconciling,
} from '../../domain/reconciliation/reconciled.js';
import { freezeForDifference, type OnFailure } from './freeze.js';
import { inParallel } from '../inParallel.js';
import { look, type Looking } from './look.js';

const PAGE = 100;
/** Of two cores a hundred payments a second take a quarter: tills are served meanwhile. */
const PAGE_AT_MOST_EVERY_MS = 1_000;

export type ReconcilingParts = Looking & {
  /** Told after each page, of how many payments it has come to. */
  readonly onPage?: (compared: number) => void;
  readonly lookedAtAgainAfterMs?: number;
  /** A page; 0 for who has to be done soon. */
  readonly pageAtMostEveryMs?: number;
  /** Told of each payment that could not be frozen though it has a workflow. */
  readonly onNotFrozen?: OnFailure;
  /** Ends it between two pages. */
  readonly signal?: AbortSignal;
};

/**
 * Compares payments with their workflows, writes down what differs, and freezes what does, unless so many do that it
 * is none of their own doing.
 */
export async function reconcile(parts: ReconcilingParts, asked: Reconciling): Promise<Reconciled> {
  const startedAt = instantOf(Date.now());
  const { compared, found } = await findDifferences(parts, asked);
  const open = await noteDifferences(parts.sql, compared, found);
  const differing = new Set(found.map(({ reference }) => reference)).size;
  const isAlarm = asked.scope !== 'named' && isTooManyToFreeze(differing, await countPayments(parts.sql));
  const outcome: ReconciliationOutcome = isAlarm ? 'alarm' : differing > 0 ? 'differ' : 'agree';
  const frozen = isAlarm ? 0 : await freezeAll(parts, open);
  const reconciled = { outcome, compared: compared.length, differing, frozen, differences: found };
  await noteReconciliation(parts.sql, asked.scope, startedAt, reconciled);
  return reconciled;
}

/** Compares, and changes nothing: what differs at two looks, and what is ahead of its workflow at one. */
export async function findDifferences(
  parts: ReconcilingParts,
  asked: Reconciling,
): Promise<{ compared: string[]; found: Difference[] }> {
  const compared = new Map<string, Compared>();
  const first: Difference[] = [];
  let nextAtMs = performance.now();
  for await (const page of pagesOf(parts, asked)) {
    const early = nextAtMs - performance.now();
    if (early > 0) await setTimeout(early, undefined, { signal: parts.signal });
    nextAtMs = performance.now() + (parts.pageAtMostEveryMs ?? PAGE_AT_MOST_EVERY_MS);
    first.push(...(await look(parts, page)));
    for (const each of page) compared.set(each.reference, each);
    parts.onPage?.(compared.size);
    parts.signal?.throwIfAborted();
  }
  return { compared: [...compared.keys()], found: await lookAgain(parts, first, compared) };
}

/** The second look asks the same as the first, or it would say the same thing otherwise. */
async function lookAgain(
  parts: ReconcilingParts,
  first: readonly Difference[],
  compared: ReadonlyMap<string, Compared>,
): Promise<Difference[]> {
  const certain = first.filter(({ kind }) => kind === 'row_ahead');
  const doubtful = new Set(first.filter(({ kind }) => kind !== 'row_ahead').map(({ reference }) => reference));
  if (doubtful.size === 0) return certain;
  await setTimeout(parts.lookedAtAgainAfterMs ?? LOOKED_AT_AGAIN_AFTER_MS, undefined, { signal: parts.signal });
  const before = new Set(first.map(keyOfDifference));
  const again: Difference[] = [];
  for (const page of inPages([...doubtful].map((reference) => compared.get(reference) ?? recent(reference)))) {
    again.push(...(await look(parts, page)));
    parts.onPage?.(0);
  }
  const isCertain = new Set(certain.map(keyOfDifference));
  return [
    ...certain,
    ...again.filter((each) => before.has(keyOfDifference(each)) && !isCertain.has(keyOfDifference(each))),
  ];
}

const recent = (reference: string): Compared => ({ reference, isRecent: true });

/** All that is to be compared, a page at a time; what is only on one side of the two comes with the others. */
async function* pagesOf(parts: ReconcilingParts, asked: Reconciling): AsyncGenerator<readonly Compared[]> {
  const { sql } = parts;
  switch (asked.scope) {
    case 'named':
      yield* inPages([...new Set(asked.references)]).map((page) => page.map(recent));
      return;
    case 'changed':
      yield* inPages(await changedPayments(sql)).map((page) => page.map(recent));
      yield* lostPayments(parts, `StartTime > '${instantOf(Date.now() - LISTED_MS)}'`);
      return;
    case 'all':
      for (let after = ''; ;) {
        const page = await allPayments(sql, after, PAGE);
        const last = page.at(-1);
        if (!last) break;
        yield page;
        after = last.reference;
      }
      yield* lostPayments(parts, undefined);
  }
}

const LISTED_MS = 2 * 60 * 60 * 1000;

/** Payments that have a workflow and no row. */
async function* lostPayments(
  { sql, client, onPage, signal }: ReconcilingParts,
  condition: string | undefined,
): AsyncGenerator<readonly Compared[]> {
  const query = ["WorkflowType = 'accountPayment'", "ExecutionStatus != 'ContinuedAsNew'", condition]
    .filter((each) => each !== undefined)
    .join(' AND ');
  let listed = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query, pageSize: 1_000 })) {
    listed.add(workflowId);
    if (listed.size < 1_000) continue;
    yield* inPages(await withoutRow(sql, [...listed])).map((page) => page.map(recent));
    listed = new Set();
    // None of them may be lost, and then no page tells that it goes on.
    onPage?.(0);
    signal?.throwIfAborted();
  }
  yield* inPages(await withoutRow(sql, [...listed])).map((page) => page.map(recent));
}

function inPages<One>(all: readonly One[]): (readonly One[])[] {
  return Array.from({ length: Math.ceil(all.length / PAGE) }, (_, i) => all.slice(i * PAGE, (i + 1) * PAGE));
}

const FROZEN_AT_ONCE = 2;

/** Each payment of which something differs; the id of the newest difference names the command. */
async function freezeAll({ client, onNotFrozen }: ReconcilingParts, open: readonly OpenDifference[]): Promise<number> {
  const newest = new Map(open.map(({ reference, differenceId }) => [reference, differenceId]));
  const due = [...newest];
  const frozen = await inParallel(FROZEN_AT_ONCE, due.length, (i) => {
    const [reference, differenceId] = due[i] as (typeof due)[number];
    return freezeForDifference(client, reference, differenceId, onNotFrozen);
  });
  return frozen.filter((each) => each === 'frozen').length;
}
