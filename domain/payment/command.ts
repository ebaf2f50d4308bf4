import type { Instant } from '../instants.js';
import { sha256 } from '../sha256.js';

/** Who sent a command: the till or person that the key names, and on whose behalf. */
export type By = { readonly caller: string; readonly staffId?: string | undefined };

/** One line of a basket: what this product comes to in it, all pieces together. */
export type Line = { readonly productId: string; readonly amountMinor: number };

export type Purpose = 'deposit' | 'store_credit' | 'prepayment' | 'gift';
export type Disposition = 'paid_out' | 'forfeited' | 'issued_in_error';

/** Which purchases a payment is good for. */
export type Scope = { readonly type: 'generic' } | { readonly type: 'product_specific'; readonly productId: string };

/** Where a payment's money came from, when it was not paid in: a return that could not go back, or another customer. */
export type Origin =
  | { readonly kind: 'replacement'; readonly replaces: string; readonly saleId: string }
  | { readonly kind: 'gift'; readonly giftId: string; readonly from: string };

/** A message of one kind, with the id that its sender chose. */
export type Sent<Kind extends string, Body> = {
  readonly kind: Kind;
  readonly commandId: string;
  readonly by: By;
} & Readonly<Body>;

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
    origin?: Origin | undefined;
  }
>;

type Spending = { customerId: string; amountMinor: number; currency: string; lines?: readonly Line[] | undefined };

/** What a hold reserves money for. */
export type Target = { readonly saleId: string } | { readonly giftId: string };

export type Apply = Sent<'apply', Spending & { saleId: string }>;
/** Reserves money for a sale, or to be given away; the hold's id is the id of this command. */
export type Hold = Sent<'hold', Spending & Target & { lifetimeMs: number }>;
export type Refund = Sent<
  'refund',
  { amountMinor: number; currency: string; saleId: string; reason?: string | undefined }
>;
/**
 * Takes from a hold and lets the rest of it go. Names what the hold was for, and the payment that a gift became, so
 * that its movement can be told from it alone.
 */
export type Capture = Sent<
  'capture',
  { holdId: string; amountMinor: number } & ({ saleId: string } | { giftId: string; counterpart: string })
>;
export type Release = Sent<'release', { holdId: string; cause: 'asked' | 'lapsed' }>;
export type Cancel = Sent<'cancel', { disposition: Disposition; reason: string }>;
export type Expire = Sent<'expire', { cause: 'asked'; reason: string } | { cause: 'deadline' }>;
export type Extend = Sent<'extend', { expiresAt: Instant | null; reason: string }>;

/** What an existing payment can be told. */
export type Command = Apply | Refund | Hold | Capture | Release | Cancel | Expire | Extend;
export type CommandKind = Command['kind'];

/** Equal for equal requests, however they were sent: the id tells which request it is, not what it asks. */
export function bodyHash(command: { readonly commandId: string }): string {
  return sha256(canonicalJson({ ...command, commandId: undefined })).slice(0, 22);
}

/** A command as its message: the kind is the message's name, and whoever asks needs no other cause. */
export function messageOf(command: Command): Omit<Command, 'kind' | 'cause'> {
  const { kind: _, ...message } = command;
  if (!('cause' in message)) return message;
  const { cause: __, ...asked } = message;
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
