import {
  isSameSale,
  type Command,
  type By,
  type FreezeCause,
  type Hold,
  type Issue,
  type Purpose,
  type SaleKey,
  type Scope,
  type Target,
  type Tender,
} from './command.js';
import { factsOf, type FirstFunding, type FundingFacts, type TaxPoint } from './funding.js';
import { hasPassed, type Instant } from '../instants.js';

/** What was agreed when the payment was issued, and never changes. */
export type Terms = Omit<
  Issue,
  'kind' | 'commandId' | 'expiresAt' | 'frozen' | 'reason' | 'parent' | 'rules' | 'law' | 'promise'
>;

export type Standing =
  | { readonly status: 'active'; readonly balanceMinor: number }
  | { readonly status: 'used' }
  | { readonly status: 'expired' | 'cancelled'; readonly endedBalanceMinor: number };

export const statuses = ['active', 'used', 'expired', 'cancelled'] as const satisfies readonly Standing['status'][];
export type Status = (typeof statuses)[number];

export type OpenHold = Target & {
  readonly holdId: string;
  readonly amountMinor: number;
  readonly expiresAt: Instant;
  /** Who asked for it; not known of one that a payment carried over from before this was kept. */
  readonly by?: Pick<By, 'caller' | 'shopId'>;
};

export const movementKinds = ['issued', 'applied', 'refunded', 'gifted', 'paid_out', 'expired', 'cancelled'] as const;
export type MovementKind = (typeof movementKinds)[number];

/** What a sale did to the balance, in the words of a sale. */
export const usageKinds = ['apply', 'refund'] as const;

/** What one command did to the balance. `amountMinor` is signed: negative takes away. */
export type Movement = {
  readonly sequence: number;
  readonly kind: MovementKind;
  readonly amountMinor: number;
  readonly balanceBeforeMinor: number;
  readonly balanceAfterMinor: number;
  /** The sale that caused it, and whose it is. */
  readonly saleShopId?: string | undefined;
  readonly saleId?: string | undefined;
  readonly reason?: string | undefined;
  /** The reference of the payment on the other side: given to, given from, or replaced. */
  readonly counterpart?: string | undefined;
  /** How money left over the counter. */
  readonly tender?: Tender | undefined;
};

export type AccountPayment = {
  readonly terms: Terms;
  readonly standing: Standing;
  readonly expiresAt: Instant | null;
  readonly holds: readonly OpenHold[];
  /** Why nothing new may be spent, each cause once; empty when it may. */
  readonly frozen: readonly FreezeCause[];
  /** Counts remembered commands, the issue included. */
  readonly revision: number;
  /** The sequence number of the last movement. */
  readonly lastSequence: number;
};

export function balanceOf({ standing }: AccountPayment): number {
  return standing.status === 'active' ? standing.balanceMinor : 0;
}

export function heldOf({ holds }: AccountPayment): number {
  return holds.reduce((sum, hold) => sum + hold.amountMinor, 0);
}

/** How many holds one caller has open. */
export function countHoldsOf({ holds }: AccountPayment, { caller, shopId }: By): number {
  return holds.filter(({ by }) => by?.caller === caller && by.shopId === shopId).length;
}

/** What is held for one sale. */
export function heldForSale({ holds }: AccountPayment, sale: SaleKey): number {
  return holds.reduce((sum, hold) => ('saleId' in hold && isSameSale(hold, sale) ? sum + hold.amountMinor : sum), 0);
}

/** The hold that a hold command gives another size: of the same sale, and open. */
export function resized({ holds }: AccountPayment, command: Hold): OpenHold | undefined {
  const hold = holds.find((each) => each.holdId === command.resizes);
  return hold && 'saleId' in hold && 'saleId' in command && isSameSale(hold, command) ? hold : undefined;
}

/** A hold that shrinks or lasts longer cannot be refused, whatever the payment's standing. */
export function isShrinking(payment: AccountPayment, command: Command): boolean {
  if (command.kind !== 'hold') return false;
  const hold = resized(payment, command);
  return hold !== undefined && command.amountMinor <= hold.amountMinor;
}

/** What an apply or a hold could take now. */
export function availableOf(payment: AccountPayment, nowMs: number): number {
  if (payment.frozen.length > 0 || hasPassed(payment.expiresAt, nowMs)) return 0;
  return balanceOf(payment) - heldOf(payment);
}

type Standings = { readonly standing: { readonly status: Status } };

export function hasEnded({ status }: { readonly status: Status }): boolean {
  return status === 'expired' || status === 'cancelled';
}

/** It has ended, or its time is over and it has not said so yet. */
export function hasEndedBy(nowMs: number, payment: Pick<AccountPaymentView, 'status' | 'expiresAt'>): boolean {
  return hasEnded(payment) || hasPassed(payment.expiresAt, nowMs);
}

/** Nothing can happen to this payment any more: it has ended, or it is used up and its returns are too late. */
export function isOver(payment: Standings & Pick<AccountPayment, 'expiresAt'>, nowMs: number): boolean {
  return hasEnded(payment.standing) || (payment.standing.status === 'used' && hasPassed(payment.expiresAt, nowMs));
}

/** A payment as everybody outside sees it. Amounts are in the currency's minor unit. */
export type AccountPaymentView = {
  reference: string;
  customerId: string;
  type: Scope['type'];
  productId: string | null;
  purpose: Purpose;
  currency: string;
  amountMinor: number;
  balanceMinor: number;
  heldMinor: number;
  availableMinor: number;
  /** What an expired or cancelled payment had left when it ended. */
  endedBalanceMinor: number | null;
  status: Status;
  /** Why nothing new may be spent. Empty when it may. */
  frozenCauses: readonly FreezeCause[];
  issuedAt: Instant;
  expiresAt: Instant | null;
  /** The shop that issued it. */
  shopId: string;
  createdBy: Omit<By, 'shopId'>;
  taxPoint: TaxPoint;
  /** What the shop's own system calls its tax. */
  taxCode: string | null;
  revision: number;
} & FundingFacts;

/** Whose a payment is, and what it is good for. */
export type FoundScope = Pick<AccountPaymentView, 'reference' | 'customerId' | 'type' | 'productId'>;

export function view(payment: AccountPayment, nowMs: number): AccountPaymentView {
  const { terms, standing } = payment;
  return {
    reference: terms.reference,
    customerId: terms.customerId,
    type: terms.scope.type,
    productId: productOf(terms.scope),
    purpose: terms.purpose,
    currency: terms.currency,
    amountMinor: terms.amountMinor,
    balanceMinor: balanceOf(payment),
    heldMinor: heldOf(payment),
    availableMinor: availableOf(payment, nowMs),
    endedBalanceMinor: 'endedBalanceMinor' in standing ? standing.endedBalanceMinor : null,
    status: standing.status,
    frozenCauses: payment.frozen,
    issuedAt: terms.issuedAt,
    expiresAt: payment.expiresAt,
    ...issuerOf(terms.by),
    taxPoint: terms.taxPoint,
    taxCode: terms.taxCode ?? null,
    ...factsOf(terms.funding),
    revision: payment.revision,
  };
}

function issuerOf({ shopId, ...createdBy }: By): Pick<AccountPaymentView, 'shopId' | 'createdBy'> {
  return { shopId, createdBy };
}

/** What a gift or a replacement takes over from the payment that it comes from, beside what it is good for. */
export type Inherited = {
  readonly purpose: Purpose;
  readonly taxPoint: TaxPoint;
  readonly taxCode: string | null;
  readonly sourceFunding: FirstFunding;
};

export function inheritedFrom({ purpose, taxPoint, taxCode, sourceFunding }: Inherited): Inherited {
  return { purpose, taxPoint, taxCode, sourceFunding };
}

export function productOf(scope: Scope): string | null {
  return scope.type === 'product_specific' ? scope.productId : null;
}
