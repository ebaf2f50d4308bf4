import { decideGift, findGift, requestGift, type GiftRow, type Given } from '../../db/gift/gifts.js';
import { within } from '../../db/outage.js';
import { giftStepId, type Gift, type GiftOutcome } from '../../domain/gift/gift.js';
import { instantOf } from '../../domain/instants.js';
import { mayBeShown } from '../../domain/payment/disclosure.js';
import type { Delivery } from '../../domain/payment/handle.js';
import { withLastDay } from '../../domain/payment/validity.js';
import type { RefusalCode } from '../../domain/refusals.js';
import { afterSending, sending } from '../afterSending.js';
import { byOf, keyOf, type Asking, type Who } from '../asking.js';
import type { Parts } from '../parts.js';
import { livePayment } from '../payment/read.js';
import { refused, type Refused } from '../refused.js';
import { isRepeat } from '../requestKeys.js';

/** What somebody wants to give to whom, with words for the one who gets it, and why. */
export type WantedGift = Omit<Gift, 'giftId' | 'by'> & {
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
};

export type GiftGiven = {
  readonly outcome: 'given';
  readonly delivery: Delivery;
  readonly gift: Given;
  readonly recorded: boolean;
};

const PATIENCE_MS = 3_000;

/**
 * Gives some of a payment to another customer, once however often it is asked to. It is written down first, with its
 * message and its reason, for these go into no workflow.
 * @throws ActorsUnavailable, OutcomeUnknown, RecordsUnavailable: to be asked again under the same key
 */
export async function give(parts: Parts, asking: Asking, wanted: WantedGift): Promise<GiftGiven | Refused> {
  const { requestId: giftId, requestHash: bodyHash, who } = asking;
  // What it holds, and the end of that.
  const sent = { references: [wanted.reference], commands: 2 };
  if (parts.callerLimit.count(who, sent) === 'full' && !(await isRepeat(parts.sql, asking)))
    return refused(parts, 'try_later');
  const { standing } = await parts.requestKeys(keyOf(asking, null));
  if (standing === 'another' && !(await within(PATIENCE_MS, findGift(parts.sql, giftId))))
    return refused(parts, 'command_id_reused');
  const { message = null, reason = null, ...terms } = wanted;
  const gift: Gift = { giftId, by: byOf(who), ...terms };
  const requestedAt = instantOf(parts.now());
  const before = await sending(
    within(PATIENCE_MS, requestGift(parts.sql, { ...gift, message, reason, bodyHash, requestedAt })),
  );
  if (before.bodyHash !== bodyHash) return refused(parts, 'command_id_reused');
  const delivery = before.gift.status === 'pending' ? 'first' : 'replayed';

  const outcome = delivery === 'first' ? await parts.actors.give(gift) : undefined;
  const found = await afterSending(() => within(PATIENCE_MS, findDecided(parts, giftId, outcome)));
  if (found?.status === 'refused' && found.code === 'payment_not_found') parts.callerLimit.forget(who, sent);
  if (found?.status === 'refused') return refusedGift(parts, who, gift.reference, { code: found.code, delivery });
  if (found?.status !== 'completed') throw new Error('a gift that was decided is not written down');
  return { outcome: 'given', delivery, gift: found, recorded: await isRecorded(parts, found, asking.waitMs) };
}

/** Its workflow had that written down, unless in books that were put back since. */
async function findDecided(
  { sql, now }: Parts,
  giftId: string,
  outcome: GiftOutcome | undefined,
): Promise<GiftRow | undefined> {
  const found = await findGift(sql, giftId);
  if (found?.status !== 'pending' || !outcome) return found;
  await decideGift(sql, giftId, outcome, instantOf(now()));
  return findGift(sql, giftId);
}

async function refusedGift(
  parts: Parts,
  { shop }: Who,
  reference: string,
  { code, delivery }: { code: RefusalCode; delivery: Delivery },
): Promise<Refused> {
  const payment = mayBeShown(code) ? await livePayment(parts, reference) : undefined;
  return refused(parts, code, { delivery, shown: payment ? { payment: withLastDay(payment, shop) } : {} });
}

async function isRecorded(
  { untilRecorded }: Parts,
  { giftId, reference, toReference }: Given,
  patienceMs: number,
): Promise<boolean> {
  const both = await Promise.all([
    untilRecorded({ reference, commandId: giftStepId(giftId, 'capture') }, patienceMs),
    untilRecorded({ reference: toReference, commandId: giftStepId(giftId, 'thaw') }, patienceMs),
  ]);
  return both.every((recorded) => recorded);
}
