import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Category } from './categories.js';

/** What is proven of a close, as docs/closing.md writes it down. Instants are microseconds since 1970. */

/** One value of a canonical form: a text, a whole number, nothing, or JSON as Postgres writes it. */
export type Proven = string | number | null | { readonly json: string };

/** As Postgres writes an array of JSON: a blank after each comma. */
function canonicalForm(values: readonly Proven[]): string {
  return `[${values.map(written).join(', ')}]`;
}

function written(value: Proven): string {
  return value !== null && typeof value === 'object' ? value.json : JSON.stringify(value);
}

/** `2026-10-31T22:59:59.999123Z`. */
export function utcOf(micros: number): string {
  const fraction = String(((micros % 1_000_000) + 1_000_000) % 1_000_000).padStart(6, '0');
  return `${new Date(Math.floor(micros / 1_000_000) * 1_000).toISOString().slice(0, 19)}.${fraction}Z`;
}

export function hashOf(values: readonly Proven[]): Uint8Array {
  return sha256(utf8ToBytes(canonicalForm(values)));
}

/** The head of a close. */
export function headOf(values: readonly Proven[]): string {
  return bytesToHex(hashOf(values));
}

/** The hash over the hashes of a day's movements, as they come. */
export function createRowsHash() {
  const hash = sha256.create();
  return { add: (row: Uint8Array) => void hash.update(row), hex: () => bytesToHex(hash.digest()) };
}

const ofIssue: Readonly<Record<string, Category>> = {
  paid: 'issued_paid',
  return: 'issued_return',
  goodwill: 'issued_goodwill',
  replacement: 'issued_replacement',
  gift: 'gifted_in',
};

/** What a movement is to finance; nothing when a row that it needs is gone. */
export function categoryOf(kind: string, funding: string | null, disposition: string | null): string | null {
  if (kind === 'issued') return ofIssue[funding ?? ''] ?? null;
  if (kind === 'cancelled') return disposition;
  return kind === 'gifted' ? 'gifted_out' : kind;
}

/** What verifying can find. */
export const differenceKinds = [
  'movement_changed',
  'movement_missing',
  'movement_added',
  'totals_changed',
  'close_changed',
  'close_missing',
  'day_open',
  'head_unknown',
] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

/** What is not as it was when it was closed: a movement by its payment and number, a close by its place. */
export type Difference = {
  readonly difference: DifferenceKind;
  readonly legalEntity: string | null;
  readonly position: number | null;
  readonly reference: string | null;
  readonly sequence: number | null;
};

/** What each of them means, for whoever reads it. */
export const differenceSentences: Readonly<Record<DifferenceKind, string>> = {
  movement_changed: 'A movement, its payment, its command or its shop is not as it was when its day was closed.',
  movement_missing: 'A movement that a day was closed with is gone.',
  movement_added: 'A movement stands on a closed day and was not there when it was closed.',
  totals_changed: 'The totals of a close, or of a month its hash, are not what its movements come to.',
  close_changed: 'A close is not as it was made.',
  close_missing: 'A close is gone: the next one, the days that are shut, or Temporal know of it.',
  day_open: 'Days that were closed can be booked on: until when they are shut was changed.',
  head_unknown: 'No close has the head that was asked for: closes were taken away or made anew.',
};
