import type { Client } from '@temporalio/client';
import { seeThatCompared } from '../../db/booksCompared.js';
import type { Sql } from '../../db/connect.js';
import { findReservation } from '../../db/payment/issueReservations.js';
import type { Slots } from '../../db/slots.js';
import { giftStepId, giftWorkflowId, isAskedFor, type Gift } from '../../domain/gift/gift.js';
import type { IssuedPayment } from '../../workflows/activities.js';
import { startedSince } from './startedSince.js';

const PATIENCE_MS = 4_000;

/**
 * What a gift that was cut off has promised to the other customer, if anything. A workflow that somebody started by
 * hand may name another's gift: that promise is none of its own.
 */
export async function promisedBy(
  { client, sql, asking }: { client: Client; sql: Sql; asking: Slots },
  gift: Gift,
  workflowId: string,
): Promise<IssuedPayment | null> {
  if (workflowId !== giftWorkflowId(gift.giftId)) return null;
  await seeThatCompared(sql, startedSince(client));
  const found = await asking(PATIENCE_MS, () => findReservation(sql, giftStepId(gift.giftId, 'issue')));
  return found && isAskedFor(gift, found.issue) ? { reference: found.reference } : null;
}
