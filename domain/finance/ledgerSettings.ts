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
      if (!isMonthAndDay(settings.fiscalYearStart)) return 'fiscalYearStart';
      return isWithin(settings.accountLength, 4, 8) ? undefined : 'accountLength';
  }
}

/** A day that every year has. */
export const MONTH_AND_DAY =
  '^((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))$';

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
  return new RegExp(MONTH_AND_DAY).test(text);
}
