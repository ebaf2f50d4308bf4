import { metricMeter } from '@temporalio/activity';

/** Counts keys that were used for two requests while Postgres was away: both were decided, at different payments. */
export function countReusedKeys(reused: number): void {
  if (reused > 0) metricMeter.createCounter('request_keys_reused', 'Keys of two requests, both decided').add(reused);
}
