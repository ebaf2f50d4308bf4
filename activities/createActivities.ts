import { ApplicationFailure, metricMeter } from '@temporalio/activity';
import type { Sql } from '../db/connect.js';
import { describeFailure } from '../db/outage.js';
import { LedgerConflict, recordBatch, type Batch } from '../db/recordBatch.js';

export type Activities = ReturnType<typeof createActivities>;

export function createActivities({ sql }: { sql: Sql }) {
  return {
    /** Writes a payment's decisions to Postgres; safe to repeat. A conflict goes on failing until somebody looks. */
    async record(batch: Batch): Promise<void> {
      try {
        await recordBatch(sql, batch);
      } catch (error) {
        if (!(error instanceof LedgerConflict)) throw ApplicationFailure.create({ type: 'not_recorded', message: describeFailure(error) });
        metricMeter.createCounter('ledger_conflicts', 'Attempts to record what the books contradict').add(1);
        throw ApplicationFailure.create({ type: 'ledger_conflict', message: error.message });
      }
    },
  };
}
