import { dateFormats, type LedgerFormat, type LedgerSettings } from '../../../domain/finance/ledger.js';
import type { Values } from '../../http/form.js';
import { currencyField, type EntryField } from './field.js';

/** What each program wants to know, as a form asks for it. */
export const settingsFields: Readonly<Record<LedgerFormat, readonly EntryField[]>> = {
  xero: [
    currencyField,
    { name: 'taxRate', form: 'text', maxlength: 100 },
    { name: 'trackingName', form: 'text', maxlength: 100 },
  ],
  netsuite: [
    { name: 'subsidiary', form: 'text', maxlength: 200 },
    { name: 'dateFormat', form: 'choice', of: dateFormats },
  ],
  datev: [
    currencyField,
    { name: 'adviser', form: 'number', maxlength: 7 },
    { name: 'client', form: 'number', maxlength: 5 },
    { name: 'fiscalYearStart', form: 'text', maxlength: 5 },
    { name: 'accountLength', form: 'number', maxlength: 1 },
  ],
};

export function settingsOf(format: LedgerFormat, values: Values): LedgerSettings {
  const said = (name: string) => values[name] ?? '';
  const numbered = (name: string) => (/^\d{1,9}$/.test(said(name)) ? Number(said(name)) : NaN);
  switch (format) {
    case 'xero':
      return {
        format,
        currency: said('currency').toUpperCase(),
        taxRate: said('taxRate'),
        trackingName: said('trackingName') === '' ? undefined : said('trackingName'),
      };
    case 'netsuite':
      return {
        format,
        subsidiary: said('subsidiary'),
        dateFormat: dateFormats.find((each) => each === said('dateFormat')) ?? dateFormats[0],
      };
    case 'datev':
      return {
        format,
        currency: said('currency').toUpperCase(),
        adviser: numbered('adviser'),
        client: numbered('client'),
        fiscalYearStart: said('fiscalYearStart'),
        accountLength: numbered('accountLength'),
      };
  }
}
