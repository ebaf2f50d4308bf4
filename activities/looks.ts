import { activityInfo } from '@temporalio/activity';
import { SourceHeld, SourceNotEnded } from '../db/payment/issueReservations.js';

/** How often something is looked for before it is taken to be so: clocks differ, and an end may be a moment away. */
export const LOOKS = 3;

/** How often books that are behind are waited for, by something that others wait for: most of a minute. */
const LOOKS_FOR_END = 10;

/** Why nothing is issued in place of a payment, and not only by books that are a moment behind. */
export function whyNotReplaced(error: unknown): 'hold_open' | 'books_behind' | undefined {
  const { attempt } = activityInfo();
  if (error instanceof SourceHeld && attempt >= LOOKS) return 'hold_open';
  return error instanceof SourceNotEnded && attempt >= LOOKS_FOR_END ? 'books_behind' : undefined;
}
