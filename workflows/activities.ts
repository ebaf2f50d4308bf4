import type { DaysClosed, MonthClosed, MonthToClose } from '../domain/finance/closing.js';
import type { Gift, GiftOutcome } from '../domain/gift/gift.js';
import type { Instant } from '../domain/instants.js';
import type { Line, SaleKey } from '../domain/payment/command.js';
import type { Issuing } from '../domain/payment/issue.js';
import type { Batch } from '../domain/payment/record.js';
import type { Asked, PaymentAnswer } from '../domain/sale/answers.js';
import type { Reconciled, Reconciling } from '../domain/reconciliation/reconciled.js';
import type { RefusalCode } from '../domain/refusals.js';
import type { Booked } from '../domain/sale/booked.js';
import type { KeptFee, Planned, SalePlan, SoldBefore } from '../domain/sale/return.js';
import type {
  AnsweredBefore,
  Begun,
  HoldSale,
  SaleInBooks,
  SaleRecord,
  SettleSale,
  Source,
} from '../domain/sale/sale.js';

/** What the workflows may ask of the world. Each is safe to repeat, for each is repeated until it has worked. */
export type Activities = {
  /**
   * Writes a payment's decisions to Postgres. When the books say otherwise that is the answer: nothing is overwritten.
   * @throws `not_recorded` while Postgres is away: to be tried again
   */
  record(batch: Batch): Promise<Recorded>;

  /**
   * Sends payments their commands: the only way from a sale or a gift to the money.
   * @param lines of the basket: every hold and apply gets them, and they travel once
   * @throws `not_answered` when one of them does not answer: to be tried again, for the commands have their ids
   */
  command(asked: readonly Asked[], lines?: readonly Line[]): Promise<PaymentAnswer[]>;

  /** Issues a payment as a gift. Once it is reserved, it is not refused any more. */
  issue(issuing: Issuing): Promise<IssuedPayment | NotGiven>;

  /** What a gift has issued in an earlier run, or will have, for it is reserved. */
  promised(gift: Gift): Promise<IssuedPayment | null>;

  /** Issues a payment in place of one that has ended. */
  replace(replacing: Replacing): Promise<IssuedPayment | NotIssued>;

  /** Writes down a fee of an ended payment of which nothing else goes back. */
  keepFee(fee: KeptFee): Promise<'kept' | NotIssued>;

  /**
   * What a sale has of its payments, as they themselves say, and whether this return has given back to any of them
   * that its plan does not name.
   * `undefined` while the books are away and are needed.
   */
  figures(
    sale: SaleKey,
    known: readonly string[],
    returnId?: string,
    planned?: readonly string[],
  ): Promise<Figures | undefined>;

  /**
   * Begins a sale: asks its payments, unless the books have something against it, or anything of it that its workflow
   * has to know first. A settlement that is completed by that is written down as well.
   * @throws `not_answered` when a payment does not answer: to be tried again
   */
  begin(beginning: Beginning): Promise<Beginnings>;

  /**
   * Takes what a sale holds and was decided to take. When all of it was there, what the sale is then is written down.
   * @throws `not_answered` when a payment does not answer: to be tried again
   */
  complete(completing: Completing): Promise<Completed>;

  /** What the books have of a sale whose workflow has just started: what it was, what it answered, what it took. */
  recall(sale: SaleKey, commandId: string, steps: readonly StepThere[]): Promise<Recalled>;

  /** Whether a payment has decided any of these commands: then what they are steps of has begun. */
  haveBegun(steps: readonly StepThere[]): Promise<'begun' | 'new'>;

  /** Writes down what a return is about to give back; while the books are away it goes on without. */
  recordPlan(plan: SalePlan): Promise<'recorded' | 'away'>;

  /** Writes down what a sale answered. */
  recordSale(records: readonly SaleRecord[]): Promise<void>;

  /** Writes down what became of a gift. */
  recordGift(giftId: Gift['giftId'], outcome: GiftOutcome, at: Instant): Promise<void>;

  /**
   * How many decisions of payments are not in the books yet; null when too many payments could not be asked.
   * @throws when the books cannot be read, or Temporal does not answer
   */
  countUnrecorded(): Promise<number | null>;

  /** Whether a day of some shop is over and closed by nobody yet. */
  areDaysDue(): Promise<'due' | 'none'>;

  /** Closes in the books what is due, and tells the heads that the entities have then. */
  closeDaysInBooks(unrecordedCount: number | null): Promise<DaysClosed>;

  /** Closes a month of an entity in the books. Asked again, it tells what it was. */
  closeMonthInBooks(wish: MonthToClose, unrecordedCount: number | null): Promise<MonthClosed>;
};

/** What a comparison of payments with the books asks, on a queue of its own. */
export type ReconciliationActivities = {
  /** Compares, writes down what differs, and freezes it. */
  reconcile(asked: Reconciling): Promise<ReconciliationSummary>;
};

export type ReconciliationSummary = Omit<Reconciled, 'differences'>;

/** What the books made of a batch. */
export type Recorded = 'recorded' | 'books_behind' | 'books_differ';

/** What a return gives back in place of an ended payment: of which sale, and how much the shop keeps of it. */
export type Replacing = {
  readonly issuing: Omit<Issuing, 'expiresAt'>;
  readonly replaces: string;
  readonly sale: SaleKey;
  readonly keptMinor: number;
};

export type IssuedPayment = { readonly reference: string };

export type NotGiven = { readonly code: RefusalCode };

/** The source's sale has got back too much for that already, something of the source is held, or it has not ended. */
export type NotIssued =
  | { readonly code: 'exceeds_refundable'; readonly refundableMinor: number }
  | { readonly code: 'hold_open' | 'books_behind' };

/** A payment that a sale is to draw on, and the id of its hold there. */
export type HoldThere = Pick<Source, 'reference' | 'holdId'>;

/** A command to a payment that is a step of something. */
export type StepThere = { readonly reference: string; readonly commandId: string };

/** A sale as it is when it begins, less its lines, which its command has; and what it asks its payments. */
export type Beginning = {
  readonly sale: Begun;
  readonly command: HoldSale | SettleSale;
  readonly asked: readonly Asked[];
  readonly writing?: Writing | undefined;
};

export type Beginnings = {
  readonly recalled: Recalled;
  /** What the payments said; null when none was asked this time. */
  readonly answers: readonly PaymentAnswer[] | null;
  /** A try that was cut off may have asked them, too. */
  readonly tries: number;
  readonly at: Instant;
  readonly record: Written;
};

/** A sale that is completing, less its lines, and the captures of what it holds. */
export type Completing = {
  readonly sale: Begun;
  readonly command: SettleSale;
  readonly asked: readonly Asked[];
  readonly writing?: Writing | undefined;
};

export type Completed = { readonly answers: readonly PaymentAnswer[]; readonly record: Written };

/**
 * A sale's answers stand in the books in the order in which they were given: while some wait to be written, what a step
 * comes to waits behind them.
 */
export type Writing = 'in_turn';

/** Whether the books have what a sale answered, or have to be told still. */
export type Written = 'written' | 'to_be_written';

export type Figures = SoldBefore & {
  readonly standing: 'new' | 'begun';
  /** In place of which payments this return has issued something already, or kept a fee. */
  readonly inPlaceOf?: readonly string[];
};

/** What the books know of a sale; `away` when they cannot be asked. */
export type Recalled =
  | { readonly books: 'away' }
  | ({
      readonly books: 'there';
      readonly answered: AnsweredBefore | null;
      /** Of a return that had begun and did not come to an answer; what it was asked as its steps do not tell. */
      readonly planned: { readonly bodyHash: string | null; readonly plan: Planned } | null;
      /** The sale, when it had a workflow before. */
      readonly sale: SaleInBooks | null;
      /** Whether the books have anything that it answered or planned. */
      readonly earlierLife: 'none' | 'in_books';
    } & Booked);
