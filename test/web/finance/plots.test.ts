import { expect, test } from 'vitest';
import type { ReportRow } from '../../../db/finance/report.js';
import type { ReportName } from '../../../domain/finance/reports.js';
import { drawBars } from '../../../web/finance/draw.js';
import { plotOf } from '../../../web/finance/plots.js';
import { financeInEnglish as finance } from '../../../web/texts/finance.en.js';

/** The words in the picture of a report. */
function wordsIn(name: ReportName, rows: readonly ReportRow[], leftOut = ''): string[] {
  const plot = plotOf(name, rows, 'no_more');
  const bars = (plot?.bars.get('EUR')?.shown ?? []).map(({ at, amountMinor }) => ({ label: at, amountMinor }));
  const svg = drawBars({ bars, leftOut, currency: 'EUR', locale: 'en-GB', theme: 'light', size: 'wide' });
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, word]) => word ?? '');
}

const eur = { currency: 'EUR', purpose: 'gift', sourceFunding: 'paid' };

test('what is owed is as much in the picture of its age as it is, though the report tells it by two ages', () => {
  const rows = ['berlin', 'hamburg'].flatMap((shopId, i) =>
    ['issue', 'last_use'].map((since) => ({ ...eur, shopId, since, balanceMinor: 1_000 * (i + 1) })),
  );
  const words = wordsIn('ageing', rows);
  expect(words).toEqual(expect.arrayContaining(['berlin', '€10', 'hamburg', '€20']));
  expect(plotOf('ageing', rows.slice(0, 2), 'no_more')).toBeUndefined();
});

test('of the issues of a month what was used is in the picture, and not what was issued once for each month since', () => {
  const row = (cohort: string, monthsSince: number, usedMinor: number) => {
    return { ...eur, cohort, monthsSince, issuedMinor: 50_000, usedMinor };
  };
  const words = wordsIn('redemption', [
    row('2026-01-01', 0, 10_000),
    row('2026-01-01', 1, -1_500),
    row('2026-02-01', 0, 300),
  ]);
  expect(words).toEqual(expect.arrayContaining(['2026-01-01', '€85', '2026-02-01', '€3']));
});

test('a picture says what it leaves out: bars past the first sixty, and rows past those that were read', () => {
  const rows = Array.from({ length: 61 }, (_, i) => ({
    ...eur,
    reference: `ACC-${String(i).padStart(2, '0')}`,
    balanceMinor: 100,
  }));
  const bars = plotOf('expiring', rows, 'more')?.bars.get('EUR');
  expect([bars?.shown.length, bars?.count, plotOf('expiring', rows, 'more')?.of]).toEqual([60, 61, 61]);
  expect(plotOf('expiring', rows, 'no_more')?.of).toBe('all');
  const said = finance.plotFirstBars('60', '61');
  expect(wordsIn('expiring', rows, said)).toContain(said);
});
