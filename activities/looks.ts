import { activityInfo } from '@temporalio/activity';
import { SourceHeld } from '../db/payment/issueReservations.js';

/** How often something is looked for before it is taken to be so: clocks differ, and an end may be a moment away. */
export const LOOKS = 3;

/** Whether what was to be replaced is held, and not only in books that are a moment behind. */
export function isStillHeld(error: unknown): boolean {
  return error instanceof SourceHeld && activityInfo().attempt >= LOOKS;
}
