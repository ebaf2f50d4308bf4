import { hasPassed, type Instant } from '../instants.js';
import { derivedId, type By } from '../payment/command.js';
import type { Issuing } from '../payment/issue.js';
import type { RefusalCode } from '../refusals.js';

/** Money that one customer gives another: of one payment, as a new one of the same kind. */
export type Gift = {
  readonly giftId: string;
  readonly by: By;
  readonly reference: string;
  readonly customerId: string;
  readonly toCustomerId: string;
  readonly amountMinor: number;
  readonly currency: string;
};

/** What a gift is doing, or how it ended. */
export const giftPhases = ['holding', 'issuing', 'capturing', 'releasing', 'completed', 'refused'] as const;
export type GiftPhase = (typeof giftPhases)[number];

/** What everybody outside is told of that. */
export const giftStatuses = ['pending', 'completed', 'refused'] as const;

export type GiftOutcome =
  | { readonly outcome: 'completed'; readonly toReference: string; readonly revision: number }
  | { readonly outcome: 'refused'; readonly code: RefusalCode };

export type GiftStep = 'hold' | 'release' | 'issue' | 'capture' | 'thaw' | 'cancel';

export function giftWorkflowId(giftId: string): string {
  return `gift/${giftId}`;
}

/** The id of the command that a step of a gift sends, the same however often it is sent. */
export function giftStepId(giftId: string, step: GiftStep): string {
  return derivedId('gift', giftId, step);
}

/** So long that no outage makes it lapse between the issue and the capture. */
export const GIFT_HOLD_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Money that has run out by now is not issued anew: it would expire at once, and in the wrong hands. Asked before it is
 * reserved for the other customer, and not again after that.
 */
export function whyNotGiven(
  { expiresAt }: { readonly expiresAt: Instant | null },
  nowMs: number,
): RefusalCode | undefined {
  return hasPassed(expiresAt, nowMs) ? 'payment_expired' : undefined;
}

/**
 * Whether what is to be issued is the very gift that was asked for. A workflow that somebody started by hand may name
 * any amount, and one that is not this gift's may name the gift.
 * @param asked as the books have it, if they do
 */
export function isAskedFor(asked: Omit<Gift, 'by'> | undefined, issuing: Issuing): boolean {
  const { funding, customerId, amountMinor, currency, commandId, frozen = [] } = issuing;
  if (!asked || funding.kind !== 'gift') return false;
  return (
    funding.giftId === asked.giftId &&
    funding.givenFrom === asked.reference &&
    customerId === asked.toCustomerId &&
    amountMinor === asked.amountMinor &&
    currency === asked.currency &&
    commandId === giftStepId(asked.giftId, 'issue') &&
    frozen.includes('gift')
  );
}

/**
 * Whether a step was decided by the payment that it was for, once the issue is reserved. Only one that the books
 * contradict refuses such a step for a freeze.
 */
export function hasDecided(code: RefusalCode): boolean {
  return code !== 'payment_unavailable' && code !== 'payment_frozen';
}
