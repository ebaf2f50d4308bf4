import { ApplicationFailure } from '@temporalio/activity';
import { describeFailure } from '../db/outage.js';

/** To be tried again. */
export function notDone(type: string, error: unknown): ApplicationFailure {
  return ApplicationFailure.create({ type, message: describeFailure(error) });
}
