import { ApplicationFailure } from '@temporalio/activity';
import { describeFailure, isRecordsOutage } from '../db/outage.js';

/** To be tried again. That Postgres is away is told once, by what watches it, and not by each who asks it. */
export function notDone(type: string, error: unknown): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message: describeFailure(error),
    ...(isRecordsOutage(error) && { category: 'BENIGN' }),
  });
}
