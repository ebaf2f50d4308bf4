import { Context, log, metricMeter } from '@temporalio/activity';
import type { ActivityParts } from '../createActivities.js';
import { differingPayments } from '../../db/reconciliation/differences.js';
import { describeFailure } from '../../db/outage.js';
import type { ReconciliationActivities } from '../../workflows/activities.js';
import { notDone } from '../notDone.js';
import type { OnFailure } from './freeze.js';
import { reconcile } from './reconcile.js';

/** A payment that differs is named in the log, so many of them at most: the books have all. */
const MOST_LOGGED = 100;

/** What the schedules of the reconciliation ask, carried out and counted. */
export function createReconciliationActivities(parts: ActivityParts): ReconciliationActivities {
  return {
    async reconcile(asked) {
      const { heartbeat, cancellationSignal: signal } = Context.current();
      const onPage = (compared: number) => heartbeat(compared);
      const onNotFrozen: OnFailure = (reference, error) => {
        log.error('a payment that differs was not frozen', { reference, failure: describeFailure(error) });
      };
      try {
        const { differences, ...summary } = await reconcile({ ...parts, onPage, onNotFrozen, signal }, asked);
        for (const { reference, kind, subject } of differences.slice(0, MOST_LOGGED))
          log.error('books and workflow differ', { reference, kind, subject });
        if (summary.outcome === 'alarm') log.error('too many payments differ: none was frozen', { ...summary });
        metricMeter
          .createCounter('reconciliations', 'Comparisons of payments with the books, by outcome')
          .add(1, { scope: asked.scope, outcome: summary.outcome });
        metricMeter
          .createGauge('reconciliation_differing', 'int', undefined, 'Payments of which books and workflow differ')
          .set((await differingPayments(parts.sql)).length);
        return summary;
      } catch (error) {
        throw signal.aborted ? error : notDone('not_reconciled', error);
      }
    },
  };
}
