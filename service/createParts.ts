import type { Sql } from '../db/connect.js';
import { createReports } from './finance/reports.js';
import { createMetrics } from './metrics.js';
import type { Parts } from './parts.js';
import { createCallerLimit } from './payment/callerLimit.js';
import { createSignalLimit } from './payment/signalLimit.js';
import { createRecordedWatch } from './recordedWatch.js';
import { createRequestKeys } from './requestKeys.js';

type Given = Pick<Parts, 'actors' | 'sql' | 'listSql' | 'log'> & {
  /** Unless reports have those of the lists, and the others those of commands. */
  readonly reportSql?: Sql | undefined;
  readonly quoteSql?: Sql | undefined;
  readonly healthSql?: Sql | undefined;
  readonly now?: () => number;
  /** How long a key waits for Postgres, unless as long as each has it. */
  readonly keyPatienceMs?: number | undefined;
};

/** What the shop works with, put together from how it reaches Temporal and Postgres. */
export function createParts({ now = Date.now, keyPatienceMs, reportSql, ...reached }: Given): Parts {
  const { sql, listSql, quoteSql = sql, healthSql = sql } = reached;
  const asking = { sql, ...(keyPatienceMs !== undefined && { patienceMs: keyPatienceMs }) };
  return {
    ...reached,
    quoteSql,
    healthSql,
    now,
    reports: createReports({ sql: reportSql ?? listSql }),
    untilRecorded: createRecordedWatch({ sql }),
    requestKeys: createRequestKeys(asking),
    signalLimit: createSignalLimit(asking),
    callerLimit: createCallerLimit(),
    metrics: createMetrics(),
  };
}
