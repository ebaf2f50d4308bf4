import type { AccountPayment, AccountPaymentView } from './payment.js';
import { scopeOf, type Command } from './command.js';
import { fundingFrom } from './funding.js';
import { decide } from './decide.js';
import { assertRulesKnown, type RulesNumber } from './rules.js';
import type { RefusalCode } from '../refusals.js';
import { saleHash, type SaleTotals } from './state.js';

/**
 * What a new command to a payment that is over gets: its state cannot change any more.
 * @param refundableMinor what the command's sale still has of this payment, replacements counted
 * @param rules by which the payment decided last
 * @throws RulesUnknown
 */
export function refusalOnceOver(
  payment: AccountPaymentView,
  command: Command,
  refundableMinor: number,
  nowMs: number,
  rules: RulesNumber,
): RefusalCode {
  assertRulesKnown(rules);
  if (command.kind === 'capture' || command.kind === 'release') return 'hold_closed';
  const sales = new Map<string, SaleTotals>();
  if (command.kind === 'refund')
    sales.set(saleHash(command), { takenMinor: refundableMinor, givenBackMinor: 0, keptMinor: 0 });
  const memory = { accepted: new Map(), refused: new Map(), bare: new Map(), sales, endedHolds: new Map() };
  const state = {
    payment: fromView(payment),
    rules,
    memory,
    books: 'agree',
    outbox: [],
    outboxBytes: 0,
    recent: [],
  } as const;
  const decision = decide(state, command, nowMs);
  return 'code' in decision ? decision.code : 'payment_expired';
}

export function fromView(view: AccountPaymentView): AccountPayment {
  const { reference, customerId, type, productId, purpose, currency, amountMinor, issuedAt } = view;
  const scope = scopeOf(type, productId);
  return {
    terms: {
      reference,
      customerId,
      scope,
      purpose,
      currency,
      amountMinor,
      issuedAt,
      taxPoint: view.taxPoint,
      ...(view.taxCode !== null && { taxCode: view.taxCode }),
      by: { ...view.createdBy, shopId: view.shopId },
      funding: fundingFrom(view),
    },
    standing: standingIn(view),
    expiresAt: view.expiresAt,
    holds: [],
    frozen: view.frozenCauses,
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
