import type { Client } from '@temporalio/client';
import { historyOf, read } from '../activities/reconciliation/readTold.js';
import type { Sql } from '../db/connect.js';
import { decideGift, pendingGifts } from '../db/gift/gifts.js';
import { giftWorkflowId, type GiftOutcome } from '../domain/gift/gift.js';
import type { Instant } from '../domain/instants.js';

/** Brings books that were put back what became of gifts that they have as pending. Returns of how many. */
export async function completeGifts({ client, sql }: { client: Client; sql: Sql }): Promise<number> {
  let brought = 0;
  for (const giftId of await pendingGifts(sql)) {
    const events = (await historyOf(client, giftWorkflowId(giftId))) ?? [];
    for (const { activityTaskScheduledEventAttributes: asked } of events) {
      if (asked?.activityType?.name !== 'recordGift') continue;
      const [, outcome, at] = (asked.input?.payloads ?? []).map((payload) => read<unknown>(payload));
      await decideGift(sql, giftId, outcome as GiftOutcome, at as Instant);
      brought += 1;
    }
  }
  return brought;
}
