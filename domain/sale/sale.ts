import { totalOf } from '../basket.js';
import type { By, Line, Scope, Sent } from '../payment/command.js';
import type { Instant } from '../instants.js';
import type { Share } from './quote.js';
import type { RefusalCode } from '../refusals.js';

type Basket = {
  customerId: string;
  currency: string;
  lines: readonly Line[];
  payments: readonly Share[];
  lifetimeMs: number;
};

/** Reserves what the cashier picked, all of it or nothing. */
export type HoldSale = Sent<'hold', Basket>;
/** Holds and captures in one request. */
export type SettleSale = Sent<'settle', Basket>;
/** Which hold of the sale is meant; without it, whichever there is. One that comes late would else meet a later try's. */
type OfHold = { holdId?: string | undefined };

/** Takes what is held; of `payments`, when given, what each says, and nothing of those that it leaves out. */
export type CaptureSale = Sent<'capture', OfHold & { payments?: readonly Share[] | undefined }>;
export type ReleaseSale = Sent<'release', OfHold>;
/** Gives back for these lines, or this amount, or both; with neither, everything that has not gone back yet. */
export type ReturnSale = Sent<
  'return',
  {
    currency: string;
    amountMinor?: number | undefined;
    lines?: readonly Line[] | undefined;
    reason?: string | undefined;
  }
>;

export type SaleCommand = HoldSale | SettleSale | CaptureSale | ReleaseSale | ReturnSale;
export type SaleCommandKind = SaleCommand['kind'];

/** What a sale is doing, or how it ended. It rests only in `held` and in those that carry a time. */
export type Phase =
  | { readonly status: 'holding' | 'capturing' | 'releasing' | 'putting_back' }
  | { readonly status: 'held' }
  | { readonly status: 'completed' | 'released' | 'lapsed' | 'refused'; readonly since: Instant };

export type SaleStatus = Phase['status'];

/** A payment that a sale draws on, in the order in which the cashier named them. */
export type Source = {
  readonly reference: string;
  readonly heldMinor: number;
  readonly capturedMinor: number;
  readonly returnedMinor: number;
  /** Known once it is held. */
  readonly scope: Scope | null;
  /** The payment's, after this sale's last command to it; 0 before the first. */
  readonly revision: number;
};

/** The try that counts: a refused, released or lapsed one is followed by the next. */
export type Attempt = {
  /** Of the hold or settlement that began it: it names its hold. */
  readonly commandId: string;
  readonly by: By;
  readonly customerId: string;
  readonly currency: string;
  readonly lines: readonly Line[];
  readonly holdExpiresAt: Instant;
  readonly phase: Phase;
  readonly sources: readonly Source[];
};

/** Where a part of a return went: to the payment it came from, or to new store credit in the stead of one that had ended. */
export type Returned = {
  readonly reference: string;
  readonly amountMinor: number;
  readonly replacement: string | null;
  readonly revision: number;
};

/** What could not go back: the payment says that this sale has got it back already, or its workflow is missing. */
export type NotReturned = {
  readonly reference: string;
  readonly amountMinor: number;
  readonly code: RefusalCode;
  /** Beside `exceeds_refundable`: what the sale still has of this payment. */
  readonly refundableMinor?: number | undefined;
};

export type Return = {
  readonly commandId: string;
  readonly at: Instant;
  readonly by: By;
  readonly reason: string | null;
  readonly lines: readonly Line[];
  readonly returned: readonly Returned[];
  readonly notReturned: readonly NotReturned[];
};

/** Why a payment would not do as the sale asked. */
export type PaymentRefusal = {
  readonly reference: string;
  readonly code: RefusalCode;
  readonly availableMinor: number | null;
};

export type SaleRefusal = { readonly code: RefusalCode; readonly payments: readonly PaymentRefusal[] };

/** What is kept of a command, for as long as the sale lives. */
export type RememberedSaleCommand = {
  readonly commandId: string;
  readonly bodyHash: string;
  readonly refusal: SaleRefusal | null;
};

/** Plain JSON, as it crosses from run to run. */
export type Sale = {
  readonly saleId: string;
  /** For how long after its completion it takes returns. */
  readonly returnPeriodMs: number;
  readonly createdAt: Instant;
  readonly attempt: Attempt | null;
  readonly returns: readonly Return[];
  readonly remembered: readonly RememberedSaleCommand[];
};

/** A sale as everybody outside sees it. Amounts are in the currency's minor unit. */
export type SaleView = {
  saleId: string;
  customerId: string;
  status: SaleStatus;
  currency: string;
  totalMinor: number;
  heldMinor: number;
  capturedMinor: number;
  returnedMinor: number;
  /** What the payments do not cover: for the card. */
  leftToPayMinor: number;
  /** For a capture or release that means this hold and no later one. */
  holdId: string;
  holdExpiresAt: Instant;
  payments: Omit<Source, 'scope'>[];
  returns: ReturnView[];
};

export type ReturnView = {
  returnId: string;
  at: Instant;
  amountMinor: number;
  reason: string | null;
  returned: readonly Returned[];
  notReturned: readonly NotReturned[];
};

export function viewOfSale({ saleId, attempt, returns }: Sale): SaleView | null {
  if (!attempt) return null;
  const { commandId: holdId, customerId, currency, lines, holdExpiresAt, phase, sources } = attempt;
  const sum = (amount: (source: Source) => number) => sources.reduce((total, source) => total + amount(source), 0);
  const [totalMinor, heldMinor, capturedMinor] = [
    totalOf(lines),
    sum((each) => each.heldMinor),
    sum((each) => each.capturedMinor),
  ];
  const coveredMinor = phase.status === 'completed' ? capturedMinor : heldMinor;
  return {
    saleId,
    customerId,
    status: phase.status,
    currency,
    totalMinor,
    heldMinor,
    capturedMinor,
    returnedMinor: sum((each) => each.returnedMinor),
    leftToPayMinor: totalMinor - coveredMinor,
    holdId,
    holdExpiresAt,
    payments: sources.map(({ scope: _, ...source }) => source),
    returns: returns.map(viewOfReturn),
  };
}

export function viewOfReturn({ commandId, at, reason, returned, notReturned }: Return): ReturnView {
  return { returnId: commandId, at, amountMinor: totalOf(returned), reason, returned, notReturned };
}

export const DEFAULT_HOLD_LIFETIME_MS = 15 * 60 * 1000;
export const MAX_HOLD_LIFETIME_MS = 24 * 60 * 60 * 1000;
/** By how much a payment's own end of a hold outlives the sale's, so that nothing lapses while a sale completes. */
export const BACKSTOP_MS = 24 * 60 * 60 * 1000;
