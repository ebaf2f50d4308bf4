import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { findDifferences } from '../activities/reconciliation/reconcile.js';
import { describeFailure } from '../db/outage.js';
import { readRestorable, restorePayment, startRestored, type Restored, type RestoringParts } from './restorePayment.js';

/** What became of each payment that has no workflow or one that is behind. */
export type PutBack = {
  readonly reference: string;
  readonly told: Restored | 'failed';
  /** Of what failed: which error it was. */
  readonly why?: string;
};

/**
 * After Temporal was put back to an earlier time: starts every payment again that has no workflow, or whose workflow
 * knows less than its books, which is ended first. One that fails stops no other; done again, it goes on from there.
 */
export async function restoreAll(parts: RestoringParts): Promise<PutBack[]> {
  const { found } = await findDifferences(
    { ...parts, lookedAtAgainAfterMs: 1_000, pageAtMostEveryMs: 0 },
    { scope: 'all' },
  );
  const due = new Map<string, 'behind' | 'missing'>();
  for (const { reference, kind } of found) {
    if (kind === 'row_ahead') due.set(reference, 'behind');
    else if (kind === 'actor_missing' && !due.has(reference)) due.set(reference, 'missing');
  }
  const done: PutBack[] = [];
  for (const [reference, actor] of due) {
    try {
      done.push({ reference, told: await putBack(parts, reference, actor) });
    } catch (error) {
      done.push({ reference, told: 'failed', why: describeFailure(error) });
    }
  }
  return done;
}

/** Only an actor that can be made again, or needs none, is ended. */
async function putBack(parts: RestoringParts, reference: string, actor: 'behind' | 'missing'): Promise<Restored> {
  if (actor === 'missing') return restorePayment(parts, reference);
  const restorable = await readRestorable(parts.sql, reference);
  if (restorable.books !== 'not in the books') await end(parts.client, reference);
  return startRestored(parts, restorable);
}

async function end(client: Client, reference: string): Promise<void> {
  try {
    await client.workflow.getHandle(reference).terminate('it knows less than its books');
  } catch (error) {
    // It has ended by itself, or before.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
