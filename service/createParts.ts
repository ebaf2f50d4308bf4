import { createMetrics } from './metrics.js';
import type { Parts } from './parts.js';
import { createCallerLimit } from './payment/callerLimit.js';
import { createSignalLimit } from './payment/signalLimit.js';
import { createRecordedWatch } from './recordedWatch.js';
import { createRequestKeys } from './requestKeys.js';

type Given = Pick<Parts, 'actors' | 'sql' | 'listSql' | 'log'> & {
  readonly now?: () => number;
  /** How long a key waits for Postgres, unless as long as each has it. */
  readonly keyPatienceMs?: number | undefined;
};

/** What the shop works with, put together from how it reaches Temporal and Postgres. */
export function createParts({ now = Date.now, keyPatienceMs, ...reached }: Given): Parts {
  const { sql } = reached;
  const asking = { sql, ...(keyPatienceMs !== undefined && { patienceMs: keyPatienceMs }) };
  return {
    ...reached,
    now,
    untilRecorded: createRecordedWatch({ sql }),
    requestKeys: createRequestKeys(asking),
    signalLimit: createSignalLimit(asking),
    callerLimit: createCallerLimit(),
    metrics: createMetrics(),
  };
}
