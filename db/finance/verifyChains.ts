import type { Category } from '../../domain/finance/categories.js';
import type { CloseKind } from '../../domain/finance/closing.js';
import {
  createRowsHash,
  headOf,
  utcOf,
  type Difference,
  type DifferenceKind,
  type Proven,
} from '../../domain/finance/proof.js';
import { canonicalJson } from '../../domain/payment/command.js';
import type { CloseTotals } from './closes.js';

export type CloseRow = {
  readonly number: number;
  readonly legalEntity: string;
  readonly position: number;
  readonly kind: CloseKind;
  readonly shopId: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly closedAtMicros: number;
  readonly closedBy: string;
  readonly unrecordedCount: number | null;
  readonly movementCount: number;
  readonly lateCount: number;
  readonly totals: readonly CloseTotals[];
  readonly totalsText: string;
  readonly rowsHash: string;
  readonly previousHead: string;
  readonly reasonHash: string | null;
  readonly head: string;
};

/** What the movements of a day or a month come to now: by currency, what each category does. */
export type Found = {
  readonly sums: Map<string, Map<string, number>>;
  movements: number;
  late: number;
  /** Of a month, over the hashes of its movements in order. */
  rowsHash?: string;
};

/** What the closes are held against. Months are named by entity and month. */
export type Books = {
  readonly days: ReadonlyMap<number, Found>;
  readonly months: ReadonlyMap<string, Found>;
  readonly rowsHashOf: (number: number) => string | undefined;
};

/** Each close: its place in the chain of its entity, its head, and its totals. */
export function verifyChains(closes: readonly CloseRow[], books: Books): Difference[] {
  const standings = standingsOf(closes);
  return closes.flatMap((close, i) => {
    const last = closes[i - 1];
    const before = last?.legalEntity === close.legalEntity ? last : undefined;
    const firstMissing = (before?.position ?? 0) + 1;
    const missing = Array.from({ length: Math.max(0, close.position - firstMissing) }, (_, gap) => ({
      ...differenceOf('close_missing', close),
      position: firstMissing + gap,
    }));
    const follows = missing.length > 0 || close.previousHead === (before?.head ?? '');
    // What the movements of a month are now is held against its sums.
    const isOfRows =
      close.kind === 'month' ||
      close.rowsHash === (close.kind === 'day' ? (books.rowsHashOf(close.number) ?? NO_ROWS) : '');
    const isWhole = follows && close.head === headOf(headFields(close)) && isOfRows;
    return [
      ...missing,
      ...(isWhole ? [] : [differenceOf('close_changed', close)]),
      ...(isSum(close, standings.get(close.number), books) ? [] : [differenceOf('totals_changed', close)]),
    ];
  });
}

const NO_ROWS = createRowsHash().hex();

type Standing = {
  /** The one of its kind, and shop, that was in force before it. */
  readonly before: CloseRow | undefined;
  standing: 'in_force' | 'opened_again';
};

function standingsOf(closes: readonly CloseRow[]): Map<number, Standing> {
  const standings = new Map<number, Standing>();
  let entity = '';
  let inForce: { readonly close: CloseRow; readonly standing: Standing }[] = [];
  for (const close of closes) {
    if (close.legalEntity !== entity) inForce = [];
    entity = close.legalEntity;
    if (close.kind === 'reopening') {
      const opened = inForce.filter((each) => each.close.lastDay >= close.firstDay);
      for (const { standing } of opened) standing.standing = 'opened_again';
      inForce = inForce.filter((each) => !opened.includes(each));
      continue;
    }
    const before = inForce.findLast((each) => each.close.kind === close.kind && each.close.shopId === close.shopId);
    const standing: Standing = { before: before?.close, standing: 'in_force' };
    standings.set(close.number, standing);
    inForce.push({ close, standing });
  }
  return standings;
}

/** A month that was opened again may have got more since. */
function isSum(close: CloseRow, standing: Standing | undefined, { days, months }: Books): boolean {
  if (close.kind === 'reopening' || !standing) return true;
  if (close.kind === 'month' && standing.standing === 'opened_again') return true;
  const now = close.kind === 'day' ? days.get(close.number) : months.get(monthKey(close.legalEntity, close.firstDay));
  return (
    canonicalJson(totalsOf(now, standing.before?.totals ?? [], close.kind)) === canonicalJson(close.totals) &&
    close.movementCount === (now?.movements ?? 0) &&
    close.lateCount === (now?.late ?? 0) &&
    (close.kind === 'day' || close.rowsHash === (now?.rowsHash ?? NO_ROWS))
  );
}

function monthKey(legalEntity: string, firstDay: string): string {
  return `${firstDay.slice(0, 7)} ${legalEntity}`;
}

/** What a close says of its movements, given what the one before it of its kind said. */
function totalsOf(
  found: Found | undefined,
  before: readonly CloseTotals[],
  kind: Exclude<CloseKind, 'reopening'>,
): CloseTotals[] {
  const sums = found?.sums ?? new Map<string, Map<string, number>>();
  const currencies = [...new Set([...sums.keys(), ...before.map(({ currency }) => currency)])].sort();
  return currencies.map((currency) => {
    const said = before.find((each) => each.currency === currency);
    const now = sums.get(currency) ?? new Map<string, number>();
    const categories = [...now].sort(([one], [other]) => (one < other ? -1 : 1)).map(asTotal);
    const receivedMinor = now.get('issued_paid') ?? 0;
    const openingMinor = said?.closingMinor ?? 0;
    const changeMinor = categories.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    return {
      currency,
      ...(kind === 'month' && { openingMinor, closingMinor: openingMinor + changeMinor }),
      receivedMinor,
      perpetualReceivedMinor: (said?.perpetualReceivedMinor ?? 0) + receivedMinor,
      categories,
    };
  });
}

function asTotal([category, amountMinor]: readonly [string, number]) {
  return { category: category as Category, amountMinor };
}

function headFields(close: CloseRow): Proven[] {
  const { legalEntity, position, kind, shopId, firstDay, lastDay, closedAtMicros, closedBy, unrecordedCount } = close;
  const { movementCount, lateCount, totalsText, rowsHash, previousHead, reasonHash } = close;
  return [
    ...[legalEntity, position, kind, shopId, firstDay, lastDay, utcOf(closedAtMicros), closedBy, unrecordedCount],
    ...[movementCount, lateCount, { json: totalsText }, rowsHash, previousHead, reasonHash],
  ];
}

export function differenceOf(
  difference: DifferenceKind,
  close?: Pick<CloseRow, 'legalEntity' | 'position'>,
  reference: string | null = null,
  sequence: number | null = null,
): Difference {
  return {
    difference,
    legalEntity: close?.legalEntity ?? null,
    position: close?.position ?? null,
    reference,
    sequence,
  };
}
