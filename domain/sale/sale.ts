import type { By, Line, SaleKey, Scope, Sent } from '../payment/command.js';
import type { Instant } from '../instants.js';
import type { Share } from './quote.js';
import type { Figures } from '../payment/figures.js';
import type { RefusalCode } from '../refusals.js';
import type { Phase, SaleStatus } from './phases.js';

/** An amount of one payment, and what the till believes that the sale has taken of it: nothing unless it says so. */
export type Drawn = Share & { readonly takenMinor?: number | undefined };

type Basket = {
  customerId: string;
  currency: string;
  lines: readonly Line[];
  payments: readonly Drawn[];
  /** What the till believes that the sale has taken of all payments; else what it says of those that it names. */
  takenMinor?: number | undefined;
  lifetimeMs: number;
};

/**
 * Reserves what the cashier picked, all of it or nothing. With `replaces`, it takes the place of that hold of the same
 * sale in one step: the basket was edited.
 */
export type HoldSale = Sent<'hold', Basket & { replaces?: string | undefined }>;
/** Holds and captures in one request. */
export type SettleSale = Sent<'settle', Basket>;
/** Whose sale the sender believes it to be: to a customer whose it is not, there is none. Operators name nobody. */
type OfSomebody = { customerId?: string | undefined };
/** Which hold of the sale is meant: one that comes late would else meet a later try's. */
type OfHold = OfSomebody & { holdId: string };

/**
 * Takes what is held; of `payments`, when given, what each says, and nothing of those that it leaves out. What is not
 * taken is let go, or, with `heldUntil`, stays held for another delivery.
 */
export type CaptureSale = Sent<
  'capture',
  OfHold & { payments?: readonly Share[] | undefined; heldUntil?: Instant | undefined }
>;
export type ReleaseSale = Sent<'release', OfHold>;
export const returnOrders = ['creditFirst', 'otherFirst'] as const;
/** Whether credit or another tender goes back first for lines that were paid by both. */
export type ReturnOrder = (typeof returnOrders)[number];

export const returnAuthorities = ['till', 'manager'] as const;
export type ReturnAuthority = (typeof returnAuthorities)[number];
export const returnExtents = ['carried_out', 'preview'] as const;
export type ReturnExtent = (typeof returnExtents)[number];

/**
 * Gives back for these lines, or this amount, or both, or to these payments; with none of them, everything that has not
 * gone back yet. `keptMinor` is a fee that the shop keeps of it.
 */
export type ReturnSale = Sent<
  'return',
  OfSomebody & {
    currency: string;
    amountMinor?: number | undefined;
    keptMinor?: number | undefined;
    lines?: readonly Line[] | undefined;
    order?: ReturnOrder | undefined;
    payments?: readonly Share[] | undefined;
    reason?: string | undefined;
    /** A manager takes returns after the return period too. */
    authority: ReturnAuthority;
    /** Only tells what would happen. */
    extent: ReturnExtent;
  }
>;

export type SaleCommand = HoldSale | SettleSale | CaptureSale | ReleaseSale | ReturnSale;
export const saleCommandKinds = ['hold', 'settle', 'capture', 'release', 'return'] as const;
export type SaleCommandKind = (typeof saleCommandKinds)[number];

/** A payment that a sale draws on, in the order in which the cashier named them. */
export type Source = {
  readonly reference: string;
  /** The hold there: it keeps its id when it takes another size. */
  readonly holdId: string;
  readonly heldMinor: number;
  /**
   * What this try has taken. What the sale has is the payment's to say: the three that follow are what it said last.
   */
  readonly capturedMinor: number;
  readonly takenMinor: number;
  readonly givenBackMinor: number;
  readonly keptMinor: number;
  /** Promised to the till as taken, and gone when it was to be: a person has to settle it. */
  readonly missingMinor: number;
  /** Known once it is held. */
  readonly scope: Scope | null;
  /** The payment's, after this sale's last command to it; 0 before the first. */
  readonly revision: number;
};

/** The try that counts: a refused, released or lapsed one is followed by the next. */
export type Attempt = {
  /** Of the hold or settlement that began it, or that replaced what it held: it names its hold. */
  readonly commandId: string;
  readonly by: By;
  readonly customerId: string;
  readonly currency: string;
  readonly lines: readonly Line[];
  /** What the sale had when this try began: of all payments, and of those that the try does not draw on. */
  readonly takenBeforeMinor: number;
  readonly takenElsewhereMinor: number;
  readonly holdExpiresAt: Instant;
  readonly phase: Phase;
  readonly sources: readonly Source[];
};

/** What became of a hold: whoever asks for it again is told of that one, not of a later one. */
export const holdEnds = ['captured', 'released', 'lapsed', 'replaced'] as const;
export type HoldEnd = (typeof holdEnds)[number];
export const holdStatuses = ['held', ...holdEnds] as const;
export type HoldStatus = (typeof holdStatuses)[number];
export type HoldView = { readonly holdId: string; readonly status: HoldStatus };

/** Where a part of a return went: to its payment, or to new store credit in place of one that had ended. */
export type Returned = {
  readonly reference: string;
  readonly amountMinor: number;
  readonly keptMinor: number;
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
  readonly otherTenderMinor: number;
  readonly returned: readonly Returned[];
  readonly notReturned: readonly NotReturned[];
};

/** Why a payment would not do as the sale asked. */
export type PaymentRefusal = {
  readonly reference: string;
  readonly code: RefusalCode;
  readonly availableMinor: number | null;
} & Omit<Figures, 'availableMinor'>;

export type SaleRefusal = { readonly code: RefusalCode; readonly payments: readonly PaymentRefusal[] } & Pick<
  Figures,
  'refundableMinor' | 'takenMinor' | 'fitsMinor'
>;

/** What is kept of a command, for as long as the sale lives. */
export type RememberedSaleCommand = {
  readonly commandId: string;
  readonly bodyHash: string;
  readonly refusal: SaleRefusal | null;
};

/** What a sale answered, for its books. */
export type SaleRecord = SaleKey & {
  readonly commandId: string;
  readonly kind: SaleCommandKind;
  readonly bodyHash: string;
  /** The request that it was, when it was one. */
  readonly requestId: string | null;
  readonly outcome: 'accepted' | RefusalCode;
  readonly customerId: string | null;
  readonly currency: string | null;
  readonly lines: readonly Line[] | null;
  readonly answer: {
    readonly refusal: SaleRefusal | null;
    readonly return: Return | null;
    /** What the sale was after it, less the lines: for whoever takes it up again when its workflow has gone. */
    readonly attempt: Omit<Attempt, 'lines'> | null;
    readonly endedHolds: Sale['endedHolds'];
  };
  readonly by: By;
  readonly at: Instant;
};

/** What the books have of a command that was answered in an earlier life. */
export type AnsweredBefore = Pick<SaleRecord, 'bodyHash' | 'answer'>;

/** Plain JSON, as it crosses from run to run. */
export type Sale = SaleKey & {
  /** For how long after its completion it takes returns. */
  readonly returnPeriodMs: number;
  readonly createdAt: Instant;
  readonly attempt: Attempt | null;
  /** Of earlier tries, and those that were replaced. */
  readonly endedHolds: readonly { readonly holdId: string; readonly end: HoldEnd }[];
  readonly returns: readonly Return[];
  readonly remembered: readonly RememberedSaleCommand[];
  /** Whether the books have commands of it that this workflow does not remember, as far as it could ask them. */
  readonly earlierLife: 'unknown' | 'none' | 'in_books';
};

/** A sale as the books have it. */
export type SaleInBooks = Pick<Sale, 'attempt' | 'endedHolds' | 'returns'>;

/** A sale that has begun. */
export type Begun = Sale & { readonly attempt: Attempt };

export type SourceView = Omit<Source, 'scope' | 'holdId' | 'capturedMinor'>;

/** A sale as everybody outside sees it. Amounts are in the currency's minor unit. */
export type SaleView = {
  saleShopId: string;
  saleId: string;
  customerId: string;
  status: SaleStatus;
  currency: string;
  totalMinor: number;
  heldMinor: number;
  takenMinor: number;
  givenBackMinor: number;
  keptMinor: number;
  missingMinor: number;
  /** What the payments do not cover: for the card. */
  leftToPayMinor: number;
  /** Name it in a capture or release, which then acts on this hold and no later one. */
  holdId: string;
  holdExpiresAt: Instant;
  payments: SourceView[];
  returns: ReturnView[];
};

export type ReturnView = {
  returnId: string;
  /** Null in a preview: it has not happened. */
  at: Instant | null;
  amountMinor: number;
  /** What the shop keeps of it as a fee. */
  keptMinor: number;
  /** What the till gives back by another tender. */
  otherTenderMinor: number;
  reason: string | null;
  returned: readonly Returned[];
  notReturned: readonly NotReturned[];
};
