import { decimalOf, digitsOf } from '../money.js';
import { csvOf } from './csv.js';
import type { Carried, Journal, NotCarried, XeroSettings } from './ledger.js';
import { inFiles, linesByDayAndShop, type DayOfShop } from './lines.js';

/** As in the template that Xero hands out under Manual journals, Import. Starred columns are mandatory there. */
const COLUMNS = [
  ...['*Narration', '*Date', 'Description', '*AccountCode', '*TaxRate', '*Amount'],
  ...['TrackingName1', 'TrackingOption1', 'TrackingName2', 'TrackingOption2'],
];

const MOST_LINES = 300;
const LONGEST_ACCOUNT_CODE = 10;

/**
 * Manual journals for Xero, one a day and shop, whole journals to a file and at most 300 lines in it, the columns'
 * names counted. Debits are positive, credits negative.
 */
export function xeroFiles(journal: Journal, settings: XeroSettings): Carried {
  const { currency, number } = journal;
  if (currency !== settings.currency) return { code: 'currency_not_kept', currency };
  if (digitsOf(currency) === 3) return { code: 'decimals_not_carried', currency };
  const days = linesByDayAndShop(journal.postings);
  const unfit = misfitOf(days);
  if (unfit) return unfit;
  const files = inFiles(
    days.map((day) => rowsOf(day, journal, settings)),
    MOST_LINES - 1,
  );
  return { files: files.map((rows, i) => ({ name: `xero-${number}-${i + 1}.csv`, bytes: csvOf([COLUMNS, ...rows]) })) };
}

function misfitOf(days: readonly DayOfShop[]): NotCarried | undefined {
  for (const { lines } of days) {
    if (lines.length >= MOST_LINES) return { code: 'lines_not_carried', lines: lines.length };
    const long = lines.find(({ code }) => code.length > LONGEST_ACCOUNT_CODE);
    if (long) return { code: 'account_not_carried', account: long.code };
  }
  return undefined;
}

/** Rows with the same narration and date are one journal to Xero. */
function rowsOf({ day, shopId, shopName, lines }: DayOfShop, journal: Journal, settings: XeroSettings): string[][] {
  const narration = `Account payments of shop ${shopId} on ${day}, export ${journal.number}`;
  const tracking = settings.trackingName === undefined ? ['', ''] : [settings.trackingName, shopId];
  return lines.map(({ code, description, side, amountMinor }) => {
    const signedMinor = side === 'debit' ? amountMinor : -amountMinor;
    const amount = decimalOf(signedMinor, journal.currency);
    return [
      narration,
      spelled(day),
      `${shopName}: ${description}`,
      code,
      settings.taxRate,
      amount,
      ...tracking,
      '',
      '',
    ];
  });
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `15 Jan 2026`, which is the same day in every region's Xero. */
function spelled(day: string): string {
  const [year = '', month = '', date = ''] = day.split('-');
  return `${date} ${MONTHS[Number(month) - 1] ?? ''} ${year}`;
}
