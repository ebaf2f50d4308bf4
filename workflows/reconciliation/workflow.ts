import { proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { Reconciling } from '../../domain/reconciliation/reconciled.js';
import type { ReconciliationActivities, ReconciliationSummary } from '../activities.js';
import { reconciliationQueue } from '../taskQueue.js';

/** One comparison of payments with the books, as a schedule starts it. */
export async function reconciliation(asked: Reconciling): Promise<ReconciliationSummary> {
  const { reconcile } = proxyActivities<ReconciliationActivities>({
    taskQueue: reconciliationQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '12 hours',
    heartbeatTimeout: '2 minutes',
    retry: { initialInterval: '10 seconds', maximumInterval: '5 minutes' },
  });
  const summary = await reconcile(asked);
  setCurrentDetails(
    `${summary.compared} payments compared, ${summary.differing} differ, ${summary.frozen} are frozen.`,
  );
  return summary;
}
