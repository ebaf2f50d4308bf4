import { giftWorkflowId, type Gift, type GiftOutcome } from '../../domain/gift/gift.js';
import { formatMoney } from '../../domain/money.js';
import type { RefusalCode } from '../../domain/refusals.js';
import { searchAttributesOfGift } from '../searchAttributes.js';

/** What a gift does next. A run begins with the hold, unless it goes on for one that had grown long. */
export type GiftStage =
  | { readonly step: 'hold' }
  | { readonly step: 'capture'; readonly toReference: string }
  | { readonly step: 'thaw'; readonly toReference: string; readonly revision: number }
  | { readonly step: 'cancel'; readonly toReference: string; readonly code: RefusalCode };

export type GiftWorkflow = (gift: Gift, stage?: GiftStage) => Promise<GiftOutcome>;

/** How a gift is started, once; one that somebody terminated goes on in another run, for its steps have their ids. */
export function startOfGift(gift: Gift) {
  const { giftId, customerId, toCustomerId, amountMinor, currency } = gift;
  return {
    workflowId: giftWorkflowId(giftId),
    args: [gift] as [Gift],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    typedSearchAttributes: searchAttributesOfGift(gift),
    staticSummary: `gift of ${formatMoney(amountMinor, currency)} from customer ${customerId} to ${toCustomerId}`,
  } as const;
}
