import type { LawDecision } from '../law/decided.js';
import type { Disposition, FreezeCause, Parent, Tender } from './command.js';
import type { FundingFacts } from './funding.js';
import type { Instant } from '../instants.js';
import type { AccountPaymentView, MovementKind } from './payment.js';
import type { CommandRecord } from './state.js';

/** A command as the books have it, with what it moved, if anything, and the names that people know. */
export type LifeRow = {
  readonly commandId: string;
  readonly revision: number;
  readonly kind: CommandRecord['kind'];
  readonly decidedAt: Instant;
  readonly caller: string;
  readonly callerName: string | null;
  readonly staffId: string | null;
  readonly staffName: string | null;
  readonly shopId: string;
  readonly shopName: string | null;
  readonly parentKind: Parent['kind'] | null;
  readonly saleShopId: string | null;
  readonly saleId: string | null;
  readonly keptMinor: number;
  readonly reason: string | null;
  readonly tender: Tender | null;
  readonly disposition: Disposition | null;
  readonly cause: FreezeCause | 'asked' | 'lapsed' | 'deadline' | null;
  readonly expiresAt: Instant | null;
  /** What was decided about the law before it was sent. */
  readonly law: LawDecision | null;
  readonly counterpart: string | null;
  readonly amountMinor: number | null;
  readonly balanceAfterMinor: number | null;
};

/** For those who may not know who people are: by their ids. */
export function withoutNames(life: KnownLife): KnownLife {
  return { ...life, rows: life.rows.map((row) => ({ ...row, callerName: null, staffName: null })) };
}

/** A payment from which this one's money came, the nearest first. */
export type Ancestor = Pick<
  AccountPaymentView,
  'reference' | 'customerId' | 'amountMinor' | 'issuedAt' | 'status' | 'purpose' | 'origin'
> &
  Pick<FundingFacts, 'funding' | 'tender'>;

/** A payment that took over what this one had, or part of it. */
export type Descendant = {
  readonly reference: string;
  readonly cause: 'gift' | NonNullable<FundingFacts['origin']>;
  readonly amountMinor: number;
  readonly at: Instant;
};

/** All movements of one kind together; amounts are positive, the kind says which way. */
export type MovedSum = {
  readonly kind: MovementKind;
  readonly disposition: Disposition | null;
  readonly amountMinor: number;
  readonly count: number;
};

/** What the books know of a payment's life. */
export type KnownLife = {
  readonly payment: AccountPaymentView;
  readonly rows: readonly LifeRow[];
  readonly ancestors: readonly Ancestor[];
  readonly descendants: readonly Descendant[];
  readonly sums: readonly MovedSum[];
  /** Commands that it turned down: they moved nothing. */
  readonly refusedCount: number;
  /** How many happenings are not in `rows`, for there are too many. */
  readonly leftOutCount: number;
};

/** What happened, in the order in which it did. */
export const happenings = [
  'issued',
  'spent',
  'given_back',
  'kept',
  'gifted',
  'paid_out',
  'ran_out',
  'expired',
  'cancelled',
  'extended',
  'frozen',
  'thawed',
] as const;
export type Happening = (typeof happenings)[number];

/** What the whole came to: on the way in what was issued and came back, on the way out what became of it. */
export const fates = [
  'spent',
  'gifted',
  'paid_out',
  'expired',
  'forfeited',
  'remitted',
  'issued_in_error',
  'reissued',
] as const;
export type Fate = (typeof fates)[number];

export type Balance = {
  readonly issuedMinor: number;
  readonly givenBackMinor: number;
  readonly became: readonly { readonly fate: Fate; readonly amountMinor: number; readonly count: number }[];
  readonly leftMinor: number;
};

/** What a command did that belongs to the story; undefined of what only reserved money, or let it go. */
export function happeningOf({ kind, parentKind, cause, amountMinor, keptMinor }: LifeRow): Happening | undefined {
  switch (kind) {
    case 'issue':
      return 'issued';
    case 'apply':
      return 'spent';
    case 'capture':
      return parentKind === 'gift' ? 'gifted' : 'spent';
    case 'refund':
      return amountMinor === null && keptMinor > 0 ? 'kept' : 'given_back';
    case 'payOut':
      return 'paid_out';
    case 'expire':
      return cause === 'deadline' ? 'ran_out' : 'expired';
    case 'cancel':
      return 'cancelled';
    case 'extend':
      return 'extended';
    case 'freeze':
      return 'frozen';
    case 'thaw':
      return 'thawed';
    case 'hold':
    case 'release':
      return undefined;
  }
}

/** Where all that was ever there has gone: what came in is what went out and what is left. */
export function balanceOfLife({ payment, sums }: Pick<KnownLife, 'payment' | 'sums'>): Balance {
  const of = (kind: MovementKind) => sums.reduce((sum, each) => (each.kind === kind ? sum + each.amountMinor : sum), 0);
  const became = fates.flatMap((fate) => {
    const found = sums.filter((each) => fateOf(each) === fate);
    const amountMinor = found.reduce((sum, each) => sum + each.amountMinor, 0);
    return amountMinor === 0 ? [] : [{ fate, amountMinor, count: found.reduce((sum, each) => sum + each.count, 0) }];
  });
  return { issuedMinor: of('issued'), givenBackMinor: of('refunded'), became, leftMinor: payment.balanceMinor };
}

function fateOf({ kind, disposition }: MovedSum): Fate | undefined {
  switch (kind) {
    case 'issued':
    case 'refunded':
      return undefined;
    case 'applied':
      return 'spent';
    case 'gifted':
    case 'paid_out':
    case 'expired':
      return kind;
    case 'cancelled':
      return disposition ?? undefined;
  }
}
