import type { AccountPayment, AccountPaymentView } from './payment.js';
import type { Command } from './command.js';
import { decide } from './decide.js';
import type { RefusalCode } from '../refusals.js';

/** What a new command to a payment that is over gets: its state cannot change any more, so neither can this answer. */
export function refusalOnceOver(payment: AccountPaymentView, command: Command, nowMs: number): RefusalCode {
  if (command.kind === 'capture' || command.kind === 'release') return 'hold_closed';
  const memory = { accepted: new Map(), refused: new Map(), sales: new Map(), endedHolds: new Map() };
  const decision = decide({ payment: fromView(payment), memory, outbox: [], recent: [] }, command, nowMs);
  return decision.outcome === 'refused' ? decision.code : 'payment_expired';
}

export function fromView(view: AccountPaymentView): AccountPayment {
  const { reference, customerId, type, productId, purpose, currency, amountMinor, issuedAt, createdBy } = view;
  const scope =
    type === 'product_specific' && productId !== null ? { type, productId } : ({ type: 'generic' } as const);
  return {
    terms: { reference, customerId, scope, purpose, currency, amountMinor, issuedAt, by: createdBy },
    standing: standingIn(view),
    expiresAt: view.expiresAt,
    holds: [],
    revision: view.revision,
    lastSequence: 0,
  };
}

function standingIn({ status, balanceMinor, endedBalanceMinor }: AccountPaymentView): AccountPayment['standing'] {
  switch (status) {
    case 'active':
      return { status, balanceMinor };
    case 'used':
      return { status };
    case 'expired':
    case 'cancelled':
      return { status, endedBalanceMinor: endedBalanceMinor ?? 0 };
  }
}
