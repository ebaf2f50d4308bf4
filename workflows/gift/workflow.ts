import {
  ApplicationFailure,
  CancellationScope,
  proxyActivities,
  setCurrentDetails,
  sleep,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { Activities } from '../activities.js';
import type { Command } from '../../domain/payment/command.js';
import { instantOf } from '../../domain/instants.js';
import { formatMoney } from '../../domain/money.js';
import type { RefusalCode } from '../../domain/refusals.js';
import type { PaymentAnswer } from '../../domain/sale/answers.js';
import {
  GIFT_HOLD_MS,
  giftStepId,
  hasDecided,
  type GiftStep,
  type Gift,
  type GiftOutcome,
  type GiftPhase,
} from '../../domain/gift/gift.js';
import { ask } from '../askPayments.js';
import { retriedForEver } from '../retries.js';
import { giftStatusAttribute } from '../searchAttributes.js';

const { issue, promised, recordGift } =
  proxyActivities<Pick<Activities, 'issue' | 'promised' | 'recordGift'>>(retriedForEver);

/**
 * One gift: holds the amount, issues it frozen to the other customer, takes the hold, thaws what was issued; and has
 * what became of it recorded. Nothing of it can be spent before it is the other customer's; refused, it has moved
 * nothing.
 */
export async function gift(gift: Gift): Promise<GiftOutcome> {
  // "Request cancellation" must not end a gift half-way.
  return CancellationScope.nonCancellable(async () => {
    enter(gift, 'holding');
    const outcome = await give(gift);
    await recordGift.executeWithOptions({ summary: outcome.outcome }, [gift.giftId, outcome, instantOf(Date.now())]);
    enter(gift, outcome.outcome);
    return outcome;
  });
}

async function give(gift: Gift): Promise<GiftOutcome> {
  const { giftId, reference, customerId, toCustomerId, amountMinor, currency } = gift;
  const terms = { giftId, customerId, amountMinor, currency, lifetimeMs: GIFT_HOLD_MS };
  const hold = { kind: 'hold', ...step(gift, 'hold'), ...terms } as const;
  const first = await tell(reference, hold);
  // An earlier run that was cut off may have come as far as the issue, from where on this payment has to decide.
  const before = first.outcome === 'accepted' ? null : await promised(gift);
  const held = before ? await insist(reference, hold) : first;
  if (held.outcome !== 'accepted') {
    const code = codeOf(held);
    return before ? takeBack(gift, before.reference, code) : { outcome: 'refused', code };
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
  const capture = { holdId: stepId(gift, 'hold'), giftId, counterpart: issued.reference, amountMinor };
  const taken = await insist(reference, { kind: 'capture', ...step(gift, 'capture'), ...capture });
  if (taken.outcome !== 'accepted') return takeBack(gift, issued.reference, codeOf(taken));
  const thaw = { cause: 'gift', reason: 'The money has been given' } as const;
  // One that has run out meanwhile can be reinstated, without this cause.
  await insist(issued.reference, { kind: 'thaw', ...step(gift, 'thaw'), ...thaw });
  return { outcome: 'completed', toReference: issued.reference, revision: taken.revision };
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
async function takeBack(gift: Gift, issuedReference: string, code: RefusalCode): Promise<GiftOutcome> {
  const cancel = {
    customerId: gift.toCustomerId,
    disposition: 'issued_in_error',
    reason: 'The money that was given had gone',
  } as const;
  await insist(issuedReference, { kind: 'cancel', ...step(gift, 'cancel'), ...cancel });
  return { outcome: 'refused', code };
}

function codeOf(answer: PaymentAnswer): RefusalCode {
  return answer.outcome === 'refused' ? answer.code : 'payment_unavailable';
}

async function tell(reference: string, command: Command): Promise<PaymentAnswer> {
  const [answer] = await ask([{ reference, command }]);
  if (!answer) throw ApplicationFailure.nonRetryable('no answer to what was asked', 'InternalError');
  return answer;
}

const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [5_000, 30 * 60 * 1_000];

/**
 * Asks until the payment itself has decided. Where its workflow is missing, or contradicts the books, it will only once
 * somebody has restored it; to go on without its word would take money from one customer and give it to nobody.
 */
async function insist(reference: string, command: Command): Promise<PaymentAnswer> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const answer = await tell(reference, command);
    if (answer.outcome !== 'refused' || hasDecided(answer.code)) return answer;
    await sleep(pauseMs, { summary: `${command.kind}: ${answer.code}` });
  }
}

function enter(gift: Gift, status: GiftPhase): void {
  const { reference, customerId, toCustomerId, amountMinor, currency } = gift;
  setCurrentDetails(
    `**${formatMoney(amountMinor, currency)}** of ${reference}, from customer ${customerId} to customer ${toCustomerId}: **${status}**`,
  );
  if (status !== 'holding') upsertSearchAttributes([giftStatusAttribute(status)]);
}

/** What every step of a gift says of itself. */
function step(gift: Gift, name: GiftStep) {
  const { giftId, by } = gift;
  return { commandId: stepId(gift, name), by, parent: { kind: 'gift', id: giftId, commandId: giftId } } as const;
}

function stepId({ giftId }: Gift, step: GiftStep): string {
  return giftStepId(giftId, step);
}
