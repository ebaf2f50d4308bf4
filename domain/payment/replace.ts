import type { Disposition, Issue } from './command.js';
import { sourceOf, type Funding, type ReplacementOrigin } from './funding.js';
import { fromView } from './afterEnd.js';
import type { AccountPaymentView } from './payment.js';
import type { RefusalCode } from '../refusals.js';

/** What somebody decides of a replacement; all else it takes over. */
type Decided = Pick<Issue, 'commandId' | 'by' | 'expiresAt' | 'parent' | 'reason'>;

/** What is issued in place of a payment that has ended: what it had left, and frozen as it was. */
export function inItsStead(
  ended: AccountPaymentView,
  origin: Exclude<ReplacementOrigin, 'return'>,
  decided: Decided,
): Omit<Issue, 'kind' | 'reference' | 'issuedAt' | 'rules'> {
  const { customerId, scope, purpose, currency, taxPoint, taxCode, funding } = fromView(ended).terms;
  const replacement: Funding = { kind: 'replacement', source: sourceOf(funding), replaces: ended.reference, origin };
  return {
    customerId,
    scope,
    purpose,
    currency,
    taxPoint,
    amountMinor: ended.endedBalanceMinor ?? 0,
    funding: replacement,
    ...(taxCode !== undefined && { taxCode }),
    ...(ended.frozenCauses.length > 0 && { frozen: ended.frozenCauses }),
    ...decided,
  };
}

/** Only what has expired or was forfeited, with something left, is reinstated. */
export function whyNotReinstated(
  { status, endedBalanceMinor }: AccountPaymentView,
  disposition: Disposition | null,
): RefusalCode | undefined {
  const isLost = status === 'expired' || (status === 'cancelled' && disposition === 'forfeited');
  return isLost && (endedBalanceMinor ?? 0) > 0 ? undefined : 'not_reinstatable';
}
