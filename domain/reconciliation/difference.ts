/**
 * What a payment's workflow and the books can say differently of it. The first five say that something is not there at
 * all, on either side; the others are compared at one and the same revision.
 */
export const differenceKinds = [
  'actor_missing',
  'reservation_missing',
  'row_missing',
  'row_behind',
  'row_ahead',
  'status',
  'balance',
  'held',
  'frozen',
  'expiry',
  'sequence',
  'sale',
  'movement',
  'command',
] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

export type Difference = {
  readonly reference: string;
  readonly kind: DifferenceKind;
  /** Which sale, movement or command; empty when it is the payment as a whole. */
  readonly subject: string;
  /** What each of the two says, for people; null when it says nothing. */
  readonly books: string | null;
  readonly actor: string | null;
};

export type Say = (
  kind: DifferenceKind,
  subject: string,
  books: string | number | null,
  actor: string | number | null,
) => Difference;

/** Tells the differences of one payment. */
export function sayer(reference: string): Say {
  const text = (value: string | number | null) => (value === null ? null : String(value));
  return (kind, subject, books, actor) => ({ reference, kind, subject, books: text(books), actor: text(actor) });
}

/** What a person does about one. */
export const cures = ['restore', 'put_back', 'rerecord', 'restart', 'find_out'] as const;
export type Cure = (typeof cures)[number];

export const cureOf: Readonly<Record<DifferenceKind, Cure>> = {
  actor_missing: 'restore',
  reservation_missing: 'put_back',
  row_missing: 'rerecord',
  row_behind: 'rerecord',
  row_ahead: 'restart',
  status: 'find_out',
  balance: 'find_out',
  held: 'find_out',
  frozen: 'find_out',
  expiry: 'find_out',
  sequence: 'find_out',
  sale: 'find_out',
  movement: 'find_out',
  command: 'find_out',
};

/** The same difference, whatever the figures are by now. */
export function keyOfDifference({ reference, kind, subject }: Omit<Difference, 'books' | 'actor'>): string {
  return `${reference} ${kind} ${subject}`;
}

/** More than so many payments that differ are no tampering with one: whole books, or a whole cluster, were put back. */
const MOST_FROZEN = 20;
const MOST_FROZEN_SHARE = 0.01;

/** Whether so many that differ are frozen one by one, or none of them, which is an alarm. */
export function isTooManyToFreeze(differing: number, payments: number): boolean {
  return differing > Math.max(1, Math.min(MOST_FROZEN, payments * MOST_FROZEN_SHARE));
}
