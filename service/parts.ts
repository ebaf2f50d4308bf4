import type { Logger } from 'pino';
import type { Sql } from '../db/connect.js';
import type { Actors } from './actors.js';
import type { Metrics } from './metrics.js';
import type { CallerLimit } from './payment/callerLimit.js';
import type { RecordedWatch } from './recordedWatch.js';
import type { Reports } from './finance/reports.js';
import type { SignalLimit } from './payment/signalLimit.js';
import type { RequestKeys } from './requestKeys.js';

/** What the shop works with: everything that reaches outside comes in here. */
export type Parts = {
  readonly actors: Actors;
  /** For what commands have to know and reserve. */
  readonly sql: Sql;
  /** For lists and searches, which may take long: nothing else waits behind them. */
  readonly listSql: Sql;
  /** For what is looked up and proposed before somebody pays: no command waits behind it, and it behind no list. */
  readonly quoteSql: Sql;
  /** For the question whether Postgres is there, alone. */
  readonly healthSql: Sql;
  /** What finance reads, on connections of its own. */
  readonly reports: Reports;
  readonly untilRecorded: RecordedWatch;
  readonly requestKeys: RequestKeys;
  readonly signalLimit: SignalLimit;
  readonly callerLimit: CallerLimit;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => number;
};
