import { accountTitles } from './accounts.js';
import type { LedgerAccount, Posting } from './ledger.js';

/** One side of an account, of one shop on one day. */
export type JournalLine = {
  readonly code: string;
  /** What went there, in words. */
  readonly description: string;
  readonly side: 'debit' | 'credit';
  readonly amountMinor: number;
};

/** What one shop posts on one day: its debits come to its credits. */
export type DayOfShop = {
  readonly day: string;
  readonly shopId: string;
  readonly shopName: string;
  readonly lines: readonly JournalLine[];
};

/**
 * Summed by day, shop and account. Debits and credits of an account stay apart, so that nothing is netted and the
 * ledger's turnover is the journal's.
 */
export function linesByDayAndShop(postings: readonly Posting[]): DayOfShop[] {
  return grouped(postings, ({ day, shopId }) => `${day} ${shopId}`).map((some) => {
    const { day, shopId, shopName } = some[0];
    return { day, shopId, shopName, lines: [...linesOf(some, 'debit'), ...linesOf(some, 'credit')] };
  });
}

/** Summed by day, shop, and both accounts. */
export function sumByAccounts(postings: readonly Posting[]): (Posting & { readonly description: string })[] {
  const key = ({ day, shopId, debit, credit }: Posting) => [day, shopId, debit.code, credit.code].join('\n');
  return grouped(postings, key).map((some) => ({
    ...some[0],
    amountMinor: sumOf(some),
    description: `${titlesOf(some.map(({ debit }) => debit))} / ${titlesOf(some.map(({ credit }) => credit))}`,
  }));
}

/** Whole journals to a file, and no more rows in it than it holds. */
export function inFiles(journals: readonly (readonly string[][])[], mostRows: number): string[][][] {
  const files: string[][][] = [];
  for (const rows of journals) {
    const last = files.at(-1);
    if (last && last.length + rows.length <= mostRows) last.push(...rows);
    else files.push([...rows]);
  }
  return files;
}

function linesOf(postings: readonly Posting[], side: 'debit' | 'credit'): JournalLine[] {
  return grouped(postings, (posting) => posting[side].code).map((some) => ({
    code: some[0][side].code,
    description: titlesOf(some.map((posting) => posting[side])),
    side,
    amountMinor: sumOf(some),
  }));
}

function titlesOf(accounts: readonly LedgerAccount[]): string {
  return [...new Set(accounts.map(({ account }) => accountTitles[account]))].join('; ');
}

function sumOf(postings: readonly Posting[]): number {
  return postings.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** In the order of their keys, which is the same on every machine. */
function grouped(postings: readonly Posting[], keyOf: (posting: Posting) => string): [Posting, ...Posting[]][] {
  const groups = new Map<string, [Posting, ...Posting[]]>();
  for (const posting of postings) {
    const group = groups.get(keyOf(posting));
    if (group) group.push(posting);
    else groups.set(keyOf(posting), [posting]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}
