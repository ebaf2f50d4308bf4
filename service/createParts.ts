import type { Sql } from '../db/connect.js';
import { createReports } from './finance/reports.js';
import { createMetrics } from './metrics.js';
import type { Parts } from './parts.js';
import { createCallerLimit } from './payment/callerLimit.js';
import { createSignalLimit } from './payment/signalLimit.js';
import { createRecordedWatch } from './recordedWatch.js';
import { createRequestKeys } from './requestKeys.js';

type Given = Pick<Parts, 'actors' | 'sql' | 'listSql' | 'log'> & {
  /** Unless the lists have it too. */
  readonly reportSql?: Sql | undefined;
  readonly now?: () => number;
  /** How long a key waits for Postgres, unless as long as each has it. */
  readonly keyPatienceMs?: number | undefined;
};

/** What the shop works with, put together from how it reaches Temporal and Postgres. */
export function createParts({ now = Date.now, keyPatienceMs, reportSql, ...reached }: Given): Parts {
  const { sql, listSql } = reached;
  const asking = { sql, ...(keyPatienceMs !== undefined && { patienceMs: keyPatienceMs }) };
  return {
    ...reached,
    now,
    reports: createReports({ sql: reportSql ?? listSql }),
    untilRecorded: createRecordedWatch({ sql }),
    requestKeys: createRequestKeys(asking),
    signalLimit: createSignalLimit(asking),
    callerLimit: createCallerLimit(),
    metrics: createMetrics(),
  };
}
