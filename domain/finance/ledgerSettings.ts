import type { LedgerSettings } from './ledger.js';
import { isCurrency } from '../money.js';

/** Whether a ledger can be told this: what of it no ledger has. */
export function misfitOfSettings(settings: LedgerSettings): keyof typeof settingsWanted | undefined {
  switch (settings.format) {
    case 'xero':
      if (!isCurrency(settings.currency)) return 'currency';
      if (!isText(settings.taxRate, 100)) return 'taxRate';
      return settings.trackingName === undefined || isText(settings.trackingName, 100) ? undefined : 'trackingName';
    case 'netsuite':
      return isText(settings.subsidiary, 200) ? undefined : 'subsidiary';
    case 'datev':
      if (!isCurrency(settings.currency)) return 'currency';
      if (!isWithin(settings.adviser, 1_001, 9_999_999)) return 'adviser';
      if (!isWithin(settings.client, 1, 99_999)) return 'client';
      // No year begins on a day that not every year has.
      if (!isMonthAndDay(settings.fiscalYearStart)) return 'fiscalYearStart';
      return isWithin(settings.accountLength, 4, 8) ? undefined : 'accountLength';
  }
}

/** What each of them is. */
export const settingsWanted = {
  currency: 'A currency is one of the three-letter codes of ISO 4217.',
  taxRate: 'A tax rate is named as in Xero, in 100 letters at most.',
  trackingName: 'A tracking category is named as in Xero, in 100 letters at most.',
  subsidiary: 'A subsidiary is named as in NetSuite, in 200 letters at most.',
  adviser: "An adviser's number is from 1001 to 9999999.",
  client: "A client's number is from 1 to 99999.",
  fiscalYearStart: 'A fiscal year begins on a month and day, such as 01-01.',
  accountLength: 'Accounts are 4 to 8 digits long.',
} as const;

function isText(text: string, longest: number): boolean {
  return text.length <= longest && /^[^\p{Cc}]*[^\p{Cc}\s][^\p{Cc}]*$/u.test(text);
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function isMonthAndDay(text: string): boolean {
  const date = new Date(`2027-${text}T00:00:00Z`);
  return /^\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().slice(5, 10) === text;
}
