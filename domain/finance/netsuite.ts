import { decimalOf, digitsOf } from '../money.js';
import { csvOf } from './csv.js';
import type { Carried, Journal, NetsuiteSettings } from './ledger.js';
import { inFiles, linesByDayAndShop, type DayOfShop } from './lines.js';

const COLUMNS = ['External ID', 'Date', 'Subsidiary', 'Currency', 'Account', 'Debit', 'Credit', 'Memo'];

/** Ten digits before the decimals. */
const LARGEST = 9_999_999_999;
/** So many are imported of a file at once. */
const MOST_ROWS = 25_000;

/**
 * Journal entries for NetSuite, one a day and shop: lines with the same external id are one entry there, and an id
 * that was imported before is not imported again. What belongs to the whole entry stands on each of its lines.
 */
export function netsuiteFiles(journal: Journal, settings: NetsuiteSettings): Carried {
  const { currency, number } = journal;
  const digits = digitsOf(currency) ?? 0;
  if (digits === 3) return { code: 'decimals_not_carried', currency };
  const days = linesByDayAndShop(journal.postings);
  const large = days.flatMap(({ lines }) => lines).find(({ amountMinor }) => amountMinor / 10 ** digits > LARGEST);
  if (large) return { code: 'amount_not_carried', amountMinor: large.amountMinor };
  const long = days.find(({ lines }) => lines.length > MOST_ROWS);
  if (long) return { code: 'lines_not_carried', lines: long.lines.length };
  const files = inFiles(
    days.map((day) => rowsOf(day, journal, settings)),
    MOST_ROWS,
  );
  return {
    files: files.map((rows, i) => ({ name: `netsuite-${number}-${i + 1}.csv`, bytes: csvOf([COLUMNS, ...rows]) })),
  };
}

function rowsOf(
  { day, shopId, shopName, lines }: DayOfShop,
  { currency, number }: Journal,
  settings: NetsuiteSettings,
): string[][] {
  return lines.map(({ code, description, side, amountMinor }) => {
    const amount = decimalOf(amountMinor, currency);
    const sides = side === 'debit' ? [amount, ''] : ['', amount];
    const externalId = `account-payments-${number}-${day}-${shopId}`;
    const date = dateOf(day, settings);
    return [externalId, date, settings.subsidiary, currency, code, ...sides, `${shopName}: ${description}`];
  });
}

function dateOf(day: string, { dateFormat }: NetsuiteSettings): string {
  const [year = '', month = '', date = ''] = day.split('-');
  return dateFormat.replace('YYYY', year).replace('MM', month).replace('DD', date);
}
