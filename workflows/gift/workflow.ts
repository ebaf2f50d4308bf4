import { CancellationScope, proxyActivities, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { Activities } from '../activities.js';
import { instantOf } from '../../domain/instants.js';
import { formatMoney } from '../../domain/money.js';
import type { RefusalCode } from '../../domain/refusals.js';
import type { PaymentAnswer } from '../../domain/sale/answers.js';
import { GIFT_HOLD_MS, type Gift, type GiftOutcome, type GiftPhase } from '../../domain/gift/gift.js';
import { retriedForEver } from '../retries.js';
import { giftStatusAttribute } from '../searchAttributes.js';
import type { GiftStage } from './start.js';
import { insist, step, stepId, tell } from './steps.js';

const { issue, promised, recordGift } =
  proxyActivities<Pick<Activities, 'issue' | 'promised' | 'recordGift'>>(retriedForEver);

/**
 * One gift: holds the amount, issues it frozen to the other customer, takes the hold, thaws what was issued; and has
 * what became of it recorded. Nothing of it can be spent before it is the other customer's; refused, it has moved
 * nothing.
 */
export async function gift(gift: Gift, stage: GiftStage = { step: 'hold' }): Promise<GiftOutcome> {
  // "Request cancellation" must not end a gift half-way.
  return CancellationScope.nonCancellable(async () => {
    enter(gift, stage.step === 'hold' ? 'holding' : 'capturing');
    const outcome = await give(gift, stage);
    await recordGift.executeWithOptions({ summary: outcome.outcome }, [gift.giftId, outcome, instantOf(Date.now())]);
    enter(gift, outcome.outcome);
    return outcome;
  });
}

async function give(gift: Gift, from: GiftStage): Promise<GiftOutcome> {
  let next: GiftStage | GiftOutcome = from;
  while ('step' in next) next = await take(gift, next);
  return next;
}

async function take(gift: Gift, stage: GiftStage): Promise<GiftStage | GiftOutcome> {
  switch (stage.step) {
    case 'hold':
      return holdAndIssue(gift, stage);
    case 'capture':
      return capture(gift, stage);
    case 'thaw':
      return thaw(gift, stage);
    case 'cancel':
      return takeBack(gift, stage);
  }
}

type At<Step extends GiftStage['step']> = Extract<GiftStage, { step: Step }>;

async function holdAndIssue(gift: Gift, stage: At<'hold'>): Promise<GiftStage | GiftOutcome> {
  const { giftId, reference, customerId, toCustomerId, amountMinor, currency } = gift;
  const terms = { giftId, customerId, amountMinor, currency, lifetimeMs: GIFT_HOLD_MS };
  const hold = { kind: 'hold', ...step(gift, 'hold'), ...terms } as const;
  const first = await tell(reference, hold);
  // An earlier run that was cut off may have come as far as the issue, from where on this payment has to decide.
  const before = first.outcome === 'accepted' ? null : await promised(gift);
  const held = before ? await insist(gift, stage, reference, hold) : first;
  if (held.outcome !== 'accepted') {
    const code = codeOf(held);
    return before ? { step: 'cancel', toReference: before.reference, code } : { outcome: 'refused', code };
  }

  enter(gift, 'issuing');
  const { sourceFunding: source, taxCode, ...facts } = held.inherited;
  const given = {
    customerId: toCustomerId,
    scope: held.scope,
    amountMinor,
    currency,
    expiresAt: held.expiresAt,
    ...facts,
    ...(taxCode !== null && { taxCode }),
    frozen: ['gift'] as const,
    funding: { kind: 'gift', source, giftId, givenFrom: reference } as const,
  };
  const issued = await issue.executeWithOptions({ summary: `to ${toCustomerId}` }, [
    { ...step(gift, 'issue'), ...given },
  ]);
  if ('code' in issued) return letGo(gift, issued.code);
  enter(gift, 'capturing');
  return { step: 'capture', toReference: issued.reference };
}

async function capture(gift: Gift, stage: At<'capture'>): Promise<GiftStage> {
  const { giftId, reference, amountMinor } = gift;
  const { toReference } = stage;
  const terms = { holdId: stepId(gift, 'hold'), giftId, counterpart: toReference, amountMinor };
  const taken = await insist(gift, stage, reference, { kind: 'capture', ...step(gift, 'capture'), ...terms });
  return taken.outcome === 'accepted'
    ? { step: 'thaw', toReference, revision: taken.revision }
    : { step: 'cancel', toReference, code: codeOf(taken) };
}

async function thaw(gift: Gift, stage: At<'thaw'>): Promise<GiftOutcome> {
  const { toReference, revision } = stage;
  const terms = { cause: 'gift', reason: 'The money has been given' } as const;
  // One that has run out meanwhile can be reinstated, without this cause.
  await insist(gift, stage, toReference, { kind: 'thaw', ...step(gift, 'thaw'), ...terms });
  return { outcome: 'completed', toReference, revision };
}

async function letGo(gift: Gift, code: RefusalCode): Promise<GiftOutcome> {
  enter(gift, 'releasing');
  const release = { holdId: stepId(gift, 'hold'), cause: 'asked' } as const;
  await tell(gift.reference, { kind: 'release', ...step(gift, 'release'), ...release });
  return { outcome: 'refused', code };
}

/**
 * The hold is gone after all. What was issued because of it is still frozen, and is cancelled whole. One that has run
 * out by then stays frozen, and cannot be reinstated.
 */
async function takeBack(gift: Gift, stage: At<'cancel'>): Promise<GiftOutcome> {
  const { toReference, code } = stage;
  const terms = {
    customerId: gift.toCustomerId,
    disposition: 'issued_in_error',
    reason: 'The money that was given had gone',
  } as const;
  await insist(gift, stage, toReference, { kind: 'cancel', ...step(gift, 'cancel'), ...terms });
  return { outcome: 'refused', code };
}

function codeOf(answer: PaymentAnswer): RefusalCode {
  return answer.outcome === 'refused' ? answer.code : 'payment_unavailable';
}

function enter(gift: Gift, status: GiftPhase): void {
  const { reference, customerId, toCustomerId, amountMinor, currency } = gift;
  setCurrentDetails(
    `**${formatMoney(amountMinor, currency)}** of ${reference}, from customer ${customerId} to customer ${toCustomerId}: **${status}**`,
  );
  if (status !== 'holding') upsertSearchAttributes([giftStatusAttribute(status)]);
}
