/** What a till asks for. */
export const calls = [
  'issue',
  'apply',
  'refund',
  'payOut',
  'cancel',
  'expire',
  'extend',
  'freeze',
  'thaw',
  'settle',
  'hold',
  'release',
  'capture',
  'return',
  'gift',
] as const;
export type Call = (typeof calls)[number];

/** One request of a till, and every time that it was sent: always the same body, under the same key. */
export type Order = {
  /** Stands in the body as `staffId`, and in the books beside all that came of it. No two orders have the same. */
  readonly mark: string;
  readonly caller: string;
  /** Its Idempotency-Key. A till may use one for two orders, which it must not. */
  readonly key: string;
  readonly call: Call;
  readonly path: string;
  /** The payment that the address names. */
  readonly reference: string | null;
  readonly saleId: string | null;
  readonly body: Body;
  readonly tries: readonly Try[];
};

export type Body = Readonly<Record<string, unknown>>;

/** What a till heard when it sent an order once. No answer at all is status 0. */
export type Try = {
  readonly sentAtMs: number;
  readonly heardAtMs: number;
  readonly status: number;
  readonly replayed: 'replayed' | 'first';
  readonly body: Body;
};

/** What Postgres and the actors say when everything has come to rest. */
export type Books = {
  readonly payments: readonly PaymentRow[];
  readonly movements: readonly MovementRow[];
  readonly commands: readonly CommandRow[];
  /** What each payment says of itself. */
  readonly actors: readonly Standing[];
  readonly sales: readonly SaleTold[];
  /** References of which somebody said that the books contradict them. */
  readonly conflicts: readonly string[];
  /** What the closes should prove and do not. */
  readonly unproven: readonly string[];
  readonly readAtMs: number;
};

/** What both the books and a payment itself say of it. */
export type Standing = {
  readonly reference: string;
  readonly customerId: string;
  readonly status: string;
  readonly amountMinor: number;
  readonly balanceMinor: number;
  readonly heldMinor: number;
  readonly endedBalanceMinor: number | null;
  readonly frozenCauses: readonly string[];
  readonly expiresAt: string | null;
  readonly revision: number;
};

export type PaymentRow = Standing & { readonly lastSequence: number; readonly staffId: string | null };

export type MovementRow = {
  readonly reference: string;
  readonly sequence: number;
  readonly commandId: string;
  readonly kind: string;
  readonly amountMinor: number;
  readonly balanceBeforeMinor: number;
  readonly balanceAfterMinor: number;
  readonly saleId: string | null;
  readonly counterpart: string | null;
  readonly caller: string;
  readonly staffId: string | null;
  readonly movedAt: string;
};

export type CommandRow = {
  readonly reference: string;
  readonly revision: number;
  readonly commandId: string;
  readonly kind: string;
  readonly outcome: string;
  readonly caller: string;
  readonly staffId: string | null;
  /** The hold that it changes or ends. What makes one has none: its own id is the hold's. */
  readonly holdId: string | null;
  readonly amountMinor: number | null;
  /** Of a capture: whether what it does not take stays held. */
  readonly rest: 'kept' | 'let_go';
  /** Of a freeze or a thaw. */
  readonly cause: string | null;
  /** The causes for which what it issues begins frozen. */
  readonly frozen: readonly string[];
};

/** What a sale says of the payments that it draws on. */
export type SaleTold = {
  readonly saleId: string;
  readonly missingMinor: number;
  readonly payments: readonly {
    readonly reference: string;
    readonly heldMinor: number;
    readonly takenMinor: number;
    readonly givenBackMinor: number;
  }[];
};

export type History = { readonly orders: readonly Order[]; readonly books: Books };

/** A promise that was broken, of which payment, sale or order, and how. */
export type Violation = {
  readonly rule: string;
  /** A reference, a sale's id or an order's mark. */
  readonly subject: string;
  readonly sentence: string;
};
