import type { ReportRow } from '../../db/finance/report.js';
import { fieldOf } from '../../domain/finance/report.js';
import { columnsOf, figuresOf, type ReportName } from '../../domain/finance/reports.js';

/** What a plot of a report shows: a bar for each value of one key, the sum of one figure over all its rows. */
export type Plotted = {
  readonly figure: string;
  /** The key along which the bars stand, and whether that is days. */
  readonly axis: string;
  readonly currencies: readonly string[];
};

/** What says the most of a report, where it has it. */
const telling = [
  ...['closing_minor', 'balance_minor', 'liability_minor', 'net_minor', 'breakage_minor', 'used_minor', 'due_minor'],
  'amount_minor',
];
/** Between more bars than this nobody sees a difference. */
const MOST_BARS = 60;

/** A report that tells the same money twice, once of each age, is added up of one of them. */
function isCounted(row: ReportRow): boolean {
  return row['since'] === undefined || row['since'] === 'issue';
}

/** Undefined when there is nothing to compare. */
export function plottedOf(name: ReportName, rows: readonly ReportRow[]): Plotted | undefined {
  const figures = figuresOf(name);
  const figure = telling.find((each) => figures.includes(each)) ?? figures[0];
  const keys = columnsOf(name).filter(
    ([column, { role }]) => role === 'key' && column !== 'currency' && column !== 'since',
  );
  const isVaried = ([column]: (typeof keys)[number]) => new Set(rows.map((row) => row[fieldOf(column)])).size > 1;
  const varied = keys.filter(isVaried);
  const axis = (varied.find(([, { kind }]) => kind === 'day') ?? varied[0])?.[0];
  const currencies = [...new Set(rows.map((row) => row['currency']))].filter((each) => typeof each === 'string');
  return figure === undefined || axis === undefined || currencies.length === 0
    ? undefined
    : { figure, axis, currencies: currencies.sort() };
}

export type Bar = { readonly at: string; readonly amountMinor: number };

/** The first bars, and how many there would be. */
export type Bars = { readonly shown: readonly Bar[]; readonly count: number };

export function barsOf(rows: readonly ReportRow[], { figure, axis }: Plotted, currency: string): Bars {
  const sums = new Map<string, number>();
  for (const row of rows.filter((each) => each['currency'] === currency && isCounted(each))) {
    const at = String(row[fieldOf(axis)] ?? '');
    sums.set(at, (sums.get(at) ?? 0) + Number(row[fieldOf(figure)] ?? 0));
  }
  const shown = [...sums].slice(0, MOST_BARS).map(([at, amountMinor]) => ({ at, amountMinor }));
  return { shown, count: sums.size };
}
