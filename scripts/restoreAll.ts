import type { Client } from '@temporalio/client';
import { findDifferences } from '../activities/reconciliation/reconcile.js';
import type { Sql } from '../db/connect.js';
import { restorePayment, type Restored } from './restorePayment.js';

type Parts = { client: Client; sql: Sql; taskQueue: string };

/**
 * After Temporal was put back to an earlier time: starts every payment again that has no workflow, or whose workflow
 * knows less than its books, which is ended first.
 */
export async function restoreAll(parts: Parts): Promise<{ reference: string; told: Restored }[]> {
  const { found } = await findDifferences(
    { ...parts, lookedAtAgainAfterMs: 1_000, pageAtMostEveryMs: 0 },
    { scope: 'all' },
  );
  const restored: { reference: string; told: Restored }[] = [];
  for (const { reference, kind } of found) {
    if (kind !== 'row_ahead' && kind !== 'actor_missing') continue;
    if (kind === 'row_ahead')
      await parts.client.workflow.getHandle(reference).terminate('it knows less than its books');
    restored.push({ reference, told: await restorePayment(parts, reference) });
  }
  return restored;
}
