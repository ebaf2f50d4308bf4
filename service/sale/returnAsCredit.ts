import { isRecordsOutage } from '../../db/outage.js';
import { derivedId, type SaleKey, type Wish } from '../../domain/payment/command.js';
import { whyNotIssued } from '../../domain/payment/issue.js';
import type { RefusalCode } from '../../domain/refusals.js';
import type { ReturnSale } from '../../domain/sale/sale.js';
import { sha256 } from '../../domain/sha256.js';
import type { Asking, Who } from '../asking.js';
import type { Parts } from '../parts.js';
import { issuePayment, type Issued } from '../payment/issue.js';
import { refused, type Refused } from '../refused.js';
import { ActorsUnavailable, OutcomeUnknown } from '../temporal.js';
import { commandSale, type SaleAccepted, type SaleNotFound } from './command.js';

/** Store credit for what another tender had paid of the goods that came back. */
export type ReturnCredit = {
  readonly customerId: string;
  /** What it came to when somebody said yes to it. */
  readonly seenMinor: number;
};

/** `credit` is null where all of it was paid with account payments. */
export type ReturnedAsCredit = SaleAccepted & { readonly credit: Issued | Refused | null };

/** Why somebody may not issue this much for goods of a receipt. */
export function whyNoCredit(
  who: Pick<Who, 'role' | 'shop'>,
  { amountMinor, currency, receiptId }: { amountMinor: number; currency: string; receiptId: string },
  nowMs: number,
): RefusalCode | undefined {
  const funding = { kind: 'return', receiptId } as const;
  return whyNotIssued({ amountMinor, currency, funding, expiresAt: null }, who, nowMs);
}

/**
 * Takes a sale back, and issues what another tender had paid of it as store credit: two commands of one request. Sent
 * again, it finishes what an earlier one began.
 * @throws ActorsUnavailable, RecordsUnavailable while nothing has changed, OutcomeUnknown: to be asked again
 */
export async function returnAsCredit(
  parts: Parts,
  asking: Asking,
  sale: SaleKey,
  { wish, credit }: { readonly wish: Wish<ReturnSale>; readonly credit: ReturnCredit },
): Promise<ReturnedAsCredit | Refused | SaleNotFound> {
  const issue = { currency: wish.currency, receiptId: sale.saleId };
  const code = whyNoCredit(asking.who, { ...issue, amountMinor: credit.seenMinor }, parts.now());
  if (code !== undefined && credit.seenMinor > 0) return refused(parts, code);
  const returned = await commandSale(parts, asking, sale, wish);
  if (returned.outcome !== 'accepted') return returned;
  const amountMinor = returned.return?.otherTenderMinor ?? 0;
  if (amountMinor === 0) return { ...returned, credit: null };
  const requestId = derivedId(asking.requestId, 'credit');
  const step = { ...asking, requestId, requestHash: sha256(requestId).slice(0, 22) };
  try {
    const issued = await issuePayment(parts, step, {
      ...issue,
      amountMinor,
      customerId: credit.customerId,
      scope: { type: 'generic' },
      purpose: 'store_credit',
      funding: 'return',
    });
    return { ...returned, credit: issued };
  } catch (error) {
    // The goods are back by now: nobody may be told that nothing has changed.
    if (!isRecordsOutage(error) && !(error instanceof ActorsUnavailable)) throw error;
    throw new OutcomeUnknown('the sale is taken back, and its credit is not issued yet', { cause: error });
  }
}
