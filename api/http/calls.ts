import { OpenAPIHono } from '@hono/zod-openapi';
import type { Logger } from 'pino';
import type { Sql } from '../../db/connect.js';
import type { Variables } from './access.js';
import type { Actors } from '../../service/actors.js';
import { faultsOf } from './faults.js';
import type { Metrics } from '../../service/metrics.js';
import { problem } from './problems.js';
import type { RequestKeys } from '../../service/requestKeys.js';
import type { RecordedWatch } from '../../service/recordedWatch.js';

/** What the calls are made of: everything that reaches outside comes in here. */
export type Parts = {
  readonly actors: Actors;
  readonly sql: Sql;
  readonly untilRecorded: RecordedWatch;
  readonly requestKeys: RequestKeys;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly shopTimeZone: string;
  readonly now: () => number;
};

export type App = OpenAPIHono<Variables>;

/** A part of the API whose calls answer what does not fit their schemas with one problem that names every fault. */
export function createCalls(): App {
  return new OpenAPIHono<Variables>({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const errors = faultsOf(result.error.issues, result.target);
      return problem(c, errors[0]?.code ?? 'malformed_request', { errors });
    },
  });
}
