import type { ReportRow } from '../../db/finance/report.js';
import type { ReportName } from '../../domain/finance/reports.js';
import { barsOf, plottedOf, type Bars, type Plotted } from './plotted.js';

/** What the pictures of a report show: bars in each of its currencies, of all its rows or of the first so many. */
export type Plot = Plotted & { readonly bars: ReadonlyMap<string, Bars>; readonly of: 'all' | number };

/** Undefined when there is nothing to compare. */
export function plotOf(name: ReportName, rows: readonly ReportRow[], more: 'more' | 'no_more'): Plot | undefined {
  const plotted = plottedOf(name, rows);
  if (!plotted) return undefined;
  const bars = plotted.currencies.map((currency) => [currency, barsOf(rows, plotted, currency)] as const);
  return { ...plotted, bars: new Map(bars), of: more === 'more' ? rows.length : 'all' };
}

const KEPT_MS = 30_000;
const MOST_KEPT = 100;

/**
 * What was added up for the pictures of a page, kept for as long as its browser takes to ask for them: a report is read
 * once for all of them, and not at all when the page has read all of it.
 */
export type Plots = {
  readonly keep: (asked: string, plot: Plot | undefined) => void;
  readonly find: (asked: string, add: () => Promise<Plot | undefined>) => Promise<Plot | undefined>;
};

export function createPlots({ now }: { now: () => number }): Plots {
  const kept = new Map<string, { readonly plot: Promise<Plot | undefined>; readonly atMs: number }>();

  function put(asked: string, plot: Promise<Plot | undefined>): void {
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(asked, { plot, atMs: now() });
  }

  return {
    keep: (asked, plot) => put(asked, Promise.resolve(plot)),
    find(asked, add) {
      const before = kept.get(asked);
      if (before && now() - before.atMs < KEPT_MS) return before.plot;
      const plot = add();
      put(asked, plot);
      plot.catch(() => kept.delete(asked));
      return plot;
    },
  };
}
