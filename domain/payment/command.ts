import type { Instant } from '../instants.js';
import type { LawDecision } from '../law/decided.js';
import { sha256 } from '../sha256.js';
import type { Funding, TaxPoint } from './funding.js';
import type { RulesNumber } from './rules.js';
import type { Purpose, SaleKey, Scope, Tender } from './terms.js';

export * from './terms.js';

/** Who sent a command: the till or person that the key names, in which shop, and on whose behalf. */
export type By = { readonly caller: string; readonly shopId: string; readonly staffId?: string | undefined };

/** A caller as rows and requests keep it: without a field when it asks on nobody's behalf. */
export function callerOf<Who extends { readonly caller: string }>(
  who: Who,
  staffId: string | null | undefined,
): Who & Pick<By, 'staffId'> {
  return staffId == null ? who : { ...who, staffId };
}

/** One line of a basket: what this product comes to in it, all pieces together, and what the shop calls its tax. */
export type Line = {
  readonly productId: string;
  readonly amountMinor: number;
  readonly taxCode?: string | undefined;
};

/** What people say becomes of the rest of a payment that they cancel; `remitted` is to a state, as unclaimed. */
export const askedDispositions = ['paid_out', 'forfeited', 'remitted', 'issued_in_error'] as const;
/** A payment that is worn out is replaced whole. */
export const dispositions = [...askedDispositions, 'reissued'] as const;
export type Disposition = (typeof dispositions)[number];

/** Why people freeze a payment. */
export const askedFreezeCauses = ['staff', 'conflict', 'reconciliation'] as const;
/** Why a payment is frozen. Each cause is frozen and thawed by itself; a gift does its own. */
export const freezeCauses = [...askedFreezeCauses, 'gift'] as const;
export type FreezeCause = (typeof freezeCauses)[number];

/** Who caused a derived command: the sale, gift or payment, and the command there. */
export const parentKinds = ['sale', 'gift', 'payment'] as const;
export type Parent = {
  readonly kind: (typeof parentKinds)[number];
  readonly id: string;
  readonly commandId: string;
};

/** A message of one kind, with the id that its sender chose. */
export type Sent<Kind extends string, Body> = {
  readonly kind: Kind;
  readonly commandId: string;
  readonly by: By;
  /** The command of a sale or a gift of which this one is a step. */
  readonly parent?: Parent | undefined;
  /** Of the whole request that it stands for, when it was one. */
  readonly requestHash?: string | undefined;
  /** The request's own id, where the command has another. */
  readonly requestId?: string | undefined;
} & Readonly<Body>;

/** What somebody asks, before it has an id and a sender. */
export type Wish<Message> =
  Message extends Sent<string, unknown> ? Omit<Message, 'commandId' | 'by' | 'requestHash' | 'requestId'> : never;

/** What was decided about the law before it was sent. No rule of a payment looks at it. */
type Judged = { law?: LawDecision | undefined };

/** By what a repeat is recognised, and what a return keeps as a fee. */
export type IssuePromise = { readonly bodyHash: string; readonly keptMinor?: number | undefined };

export type Issue = Sent<
  'issue',
  {
    reference: string;
    customerId: string;
    scope: Scope;
    purpose: Purpose;
    amountMinor: number;
    currency: string;
    issuedAt: Instant;
    expiresAt: Instant | null;
    /** By which it is to decide. */
    rules: RulesNumber;
    funding: Funding;
    taxPoint: TaxPoint;
    taxCode?: string | undefined;
    /** Why it was issued, where somebody said so. */
    reason?: string | undefined;
    /** It begins frozen, for these causes. */
    frozen?: readonly FreezeCause[] | undefined;
    /** What its reservation says beside it, so that books that lost that get it back. */
    promise?: IssuePromise | undefined;
  } & Judged
>;

/** Whose payment the sender believes it to be. To any other sender the payment does not exist. */
type OfCustomer = { customerId: string };

type Spending = OfCustomer & {
  amountMinor: number;
  currency: string;
  lines?: readonly Line[] | undefined;
  /** What the sender believes that its sale has taken of this payment. Left out, it does not matter. */
  takenMinor?: number | undefined;
};

/** What a hold reserves money for. */
export type Target = SaleKey | { readonly giftId: string };

export type Apply = Sent<'apply', Spending & SaleKey>;
/**
 * Reserves money for a sale, or to be given away; the hold's id is the id of this command. With `resizes`, an open hold
 * of the same sale takes this amount and lifetime instead, and keeps its id. One that its own sale captures in a moment
 * says so: both are recorded together.
 */
export type Hold = Sent<
  'hold',
  Spending & Target & { lifetimeMs: number; resizes?: string | undefined; followedBy?: 'capture' | undefined }
>;
/** Gives back what a sale took, less a fee. `amountMinor` is 0 when all of it is kept. */
export type Refund = Sent<
  'refund',
  OfCustomer &
    SaleKey & {
      amountMinor: number;
      keptMinor?: number | undefined;
      currency: string;
      reason?: string | undefined;
    }
>;
/**
 * Takes from a hold, and lets the rest of it go unless it says until when that stays held. Names what the hold was for,
 * and the payment that a gift became, so that its movement can be told from it alone.
 */
export type Capture = Sent<
  'capture',
  Partial<OfCustomer> & { holdId: string; amountMinor: number; heldUntil?: Instant | undefined } & (
      SaleKey | { giftId: string; counterpart: string }
    )
>;
export type Release = Sent<'release', Partial<OfCustomer> & { holdId: string; cause: 'asked' | 'lapsed' }>;
/** Goodwill is handed out only where the shop permits it, which the sender has seen to. */
type HandingOut = { ofGoodwill?: 'allowed' | undefined };
/** Pays money out over the counter and leaves the rest. */
export type PayOut = Sent<
  'payOut',
  OfCustomer & HandingOut & Judged & { amountMinor: number; currency: string; tender: Tender; reason: string }
>;
export type Cancel = Sent<
  'cancel',
  OfCustomer & HandingOut & Judged & { disposition: Disposition; tender?: Tender | undefined; reason: string }
>;
export type Expire = Sent<'expire', ({ cause: 'asked'; reason: string } & Judged) | { cause: 'deadline' }>;
export type Extend = Sent<'extend', OfCustomer & Judged & { expiresAt: Instant | null; reason: string }>;
export type Freeze = Sent<'freeze', { cause: FreezeCause; reason: string }>;
export type Thaw = Sent<'thaw', { cause: FreezeCause; reason: string }>;

/** A command to a payment that exists. */
export type Command = Apply | Refund | Hold | Capture | Release | PayOut | Cancel | Expire | Extend | Freeze | Thaw;
export type CommandKind = Command['kind'];

export const commandKinds = [
  'apply',
  'refund',
  'hold',
  'capture',
  'release',
  'payOut',
  'cancel',
  'expire',
  'extend',
  'freeze',
  'thaw',
] as const satisfies readonly CommandKind[];

/** What the books keep: the issue is a command too. */
export const recordedKinds = ['issue', ...commandKinds] as const;

/**
 * Equal for equal requests: what the sender says of the whole request, or, of a message without that, of all that it
 * asks. The id tells which request it is.
 */
export function bodyHash(command: { readonly commandId: string; readonly requestHash?: string | undefined }): string {
  if (command.requestHash !== undefined) return command.requestHash;
  return sha256(canonicalJson({ ...command, commandId: undefined })).slice(0, 22);
}

/** A command as its message: the kind is the message's name, and whoever asks to release or expire needs no cause. */
export function messageOf(command: Command): { readonly commandId: string } {
  const { kind, ...message } = command;
  if (kind !== 'release' && kind !== 'expire') return message;
  const { cause: _, ...asked } = message as Omit<Release | Expire, 'kind'>;
  return asked;
}

/** An id for a command that a workflow sends, the same however often it is sent. */
export function derivedId(...parts: readonly string[]): string {
  return sha256(parts.join('\n'));
}

/** JSON with sorted keys and without undefined, so that equal values give equal texts. After RFC 8785. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(',')}}`;
}
