import { decimalOf, digitsOf } from '../money.js';
import { columnNames, headerFields, inColumns, lineOf } from './datevLayout.js';
import type { Carried, DatevSettings, Journal, NotCarried } from './ledger.js';
import { sumByAccounts } from './lines.js';
import { windows1252 } from './windows1252.js';

type Row = ReturnType<typeof sumByAccounts>[number];

/** Both are DATEV's own limits: of a field, and of a file. */
const LARGEST = 9_999_999_999;
const MOST_ROWS = 99_999;

/**
 * A Buchungsstapel in DATEV's format for each fiscal year: EXTF 700, category 21, version 13. A row's day has no year,
 * which is its file's. Amounts are unsigned, and S says that the account is debited, the contra account credited.
 */
export function datevFiles(journal: Journal, settings: DatevSettings): Carried {
  const { currency, number } = journal;
  if (currency !== settings.currency) return { code: 'currency_not_kept', currency };
  if (digitsOf(currency) === 3) return { code: 'decimals_not_carried', currency };
  // From an account to itself nothing is booked, and DATEV takes no such row.
  const rows = sumByAccounts(journal.postings).filter(({ debit, credit }) => debit.code !== credit.code);
  const unfit = rows.map((row) => misfitOf(row, currency, settings)).find((each) => each !== undefined);
  if (unfit) return unfit;
  const files = byFiscalYear(rows, settings).map(([start, ofYear]) => {
    const header = lineOf(headerFields(journal, settings, periodOf(journal, start)));
    const lines = [header, columnNames(), ...ofYear.map((row) => lineOf(inColumns(fieldsOf(row, journal))))];
    return { name: `EXTF_Buchungsstapel_${number}_${start.slice(0, 4)}.csv`, lines };
  });
  const long = files.find(({ lines }) => lines.length - 2 > MOST_ROWS);
  if (long) return { code: 'lines_not_carried', lines: long.lines.length - 2 };
  return { files: files.map(({ name, lines }) => ({ name, bytes: bytesOf(lines) })) };
}

function bytesOf(lines: readonly string[]): Uint8Array {
  const bytes = windows1252(lines.map((line) => `${line}\r\n`).join(''));
  if (!bytes) throw new Error('a letter outside Windows-1252 in a file for DATEV');
  return bytes;
}

/** An account of the ledger is at most as long as its accounts are; that of a person is one digit longer. */
function misfitOf(
  { shopName, debit, credit, amountMinor }: Row,
  currency: string,
  { accountLength }: DatevSettings,
): NotCarried | undefined {
  const isAccount = (code: string) => /^\d*[1-9]\d*$/.test(code) && code.length <= accountLength + 1;
  const account = [debit.code, credit.code].find((code) => !isAccount(code));
  if (account !== undefined) return { code: 'account_not_carried', account };
  if (amountMinor / 10 ** (digitsOf(currency) ?? 0) > LARGEST) return { code: 'amount_not_carried', amountMinor };
  const isText = windows1252(shopName) !== undefined && !/\p{Cc}/u.test(shopName);
  return isText ? undefined : { code: 'letters_not_carried', text: shopName };
}

function fieldsOf({ day, shopId, shopName, debit, credit, amountMinor, description }: Row, journal: Journal) {
  const amount = decimalOf(amountMinor, journal.currency).replace('.', ',');
  return {
    'Umsatz (ohne Soll/Haben-Kz)': amount.includes(',') ? amount : `${amount},00`,
    'Soll/Haben-Kennzeichen': 'S',
    'WKZ Umsatz': journal.currency,
    Konto: debit.code,
    'Gegenkonto (ohne BU-Schlüssel)': credit.code,
    Belegdatum: `${day.slice(8)}${day.slice(5, 7)}`,
    'Belegfeld 1': `AP-${journal.number}-${day.replaceAll('-', '')}`,
    Buchungstext: description.slice(0, 60),
    'Zusatzinformation - Art 1': 'Shop',
    'Zusatzinformation- Inhalt 1': shopId,
    'Zusatzinformation - Art 2': 'Shop name',
    'Zusatzinformation- Inhalt 2': shopName,
    Festschreibung: '0',
  };
}

/** In the order of the years. */
function byFiscalYear(rows: readonly Row[], settings: DatevSettings): [start: string, rows: Row[]][] {
  const years = new Map<string, Row[]>();
  for (const row of rows) {
    const start = fiscalYearOf(row.day, settings);
    const ofYear = years.get(start);
    if (ofYear) ofYear.push(row);
    else years.set(start, [row]);
  }
  return [...years];
}

/** The first day of the fiscal year that a day is in. */
export function fiscalYearOf(day: string, { fiscalYearStart }: Pick<DatevSettings, 'fiscalYearStart'>): string {
  const year = Number(day.slice(0, 4)) - (day.slice(5) < fiscalYearStart ? 1 : 0);
  return `${year}-${fiscalYearStart}`;
}

/** What of the days of the export lies in the fiscal year that begins then. */
function periodOf({ from, to }: Journal, start: string): { start: string; from: string; to: string } {
  const next = `${Number(start.slice(0, 4)) + 1}${start.slice(4)}`;
  const last = new Date(Date.parse(next) - 86_400_000).toISOString().slice(0, 10);
  return { start, from: from > start ? from : start, to: to < last ? to : last };
}
