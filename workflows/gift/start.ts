import { giftWorkflowId, type Gift, type GiftOutcome } from '../../domain/gift/gift.js';
import { formatMoney } from '../../domain/money.js';
import { searchAttributesOfGift } from '../searchAttributes.js';

export type GiftWorkflow = (gift: Gift) => Promise<GiftOutcome>;

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
