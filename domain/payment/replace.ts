import type { Disposition, Issue } from './command.js';
import { sourceOf, type Funding, type ReplacementOrigin } from './funding.js';
import { fromView } from './afterEnd.js';
import type { AccountPaymentView } from './payment.js';
import type { RefusalCode } from '../refusals.js';

/** What somebody decides of a replacement; all else it takes over. */
type Decided = Pick<Issue, 'commandId' | 'by' | 'expiresAt' | 'parent' | 'reason'>;

/**
 * What is issued in place of a payment that has ended: what it had left, and frozen as it was. A gift that is
 * reinstated has been given by then, and nobody would be there to lift its freeze.
 */
export function inItsStead(
  ended: AccountPaymentView,
  origin: Exclude<ReplacementOrigin, 'return'>,
  decided: Decided,
): Omit<Issue, 'kind' | 'reference' | 'issuedAt' | 'rules'> {
  const { customerId, scope, purpose, currency, taxPoint, taxCode, funding } = fromView(ended).terms;
  const frozen = ended.frozenCauses.filter((cause) => cause !== 'gift');
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
    ...(frozen.length > 0 && { frozen }),
    ...decided,
  };
}

/** Whether the money of a gift has left the one who gives. */
export type Giving = 'given' | 'not_given';

/**
 * Only what has expired or was forfeited, with something left, is reinstated. A gift that nobody has paid for yet is
 * frozen, and nothing comes of it: its money is still the giver's.
 */
export function whyNotReinstated(
  { status, endedBalanceMinor, frozenCauses }: AccountPaymentView,
  disposition: Disposition | undefined,
  giving: Giving,
): RefusalCode | undefined {
  const isLost = status === 'expired' || (status === 'cancelled' && disposition === 'forfeited');
  if (!isLost || (endedBalanceMinor ?? 0) === 0) return 'not_reinstatable';
  return frozenCauses.includes('gift') && giving === 'not_given' ? 'payment_frozen' : undefined;
}
