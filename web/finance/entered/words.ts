import type { LedgerFormat } from '../../../domain/finance/ledger.js';
import type { EntryRefusal } from '../../../domain/finance/refusals.js';
import type { Errors } from '../../http/fields.js';
import type { Reader } from '../../http/reader.js';
import { personIn } from '../person.js';

/** What a field, and the column of what was entered in it, is called. */
export function enteredLabelOf(name: string, { texts }: Reader): string {
  return texts.finance.entries.fields[name] ?? name;
}

/** Programs are called the same in every language. */
const programs: Readonly<Record<LedgerFormat, string>> = { xero: 'Xero', netsuite: 'NetSuite', datev: 'DATEV' };

/** The word of a closed list, as it stands in a field. */
export function wordOfEntry(name: string, word: string, { texts }: Reader): string {
  const lists: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    account: texts.finance.accounts,
    purpose: texts.purposes,
    method: texts.finance.methods,
    format: programs,
  };
  return lists[name]?.[word] ?? word;
}

/** What was entered, as people read it. */
export function writtenEntry(row: object, name: string, reader: Reader): string {
  const cells = row as Readonly<Record<string, string | number | null | undefined>>;
  const value = cells[name] ?? '';
  if (value === '') return '';
  const { formats } = reader;
  switch (name) {
    case 'rateBasisPoints':
      return formats.rate(Number(value));
    case 'balanceMinor':
      return formats.money(Number(value), String(cells['currency']));
    case 'fromDay':
    case 'day':
      return formats.day(String(value));
    case 'fromMonth':
      return String(value).slice(0, 7);
    case 'enteredBy':
      return personIn(String(value));
    case 'enteredAt':
      return formats.instant(String(value));
    default:
      return wordOfEntry(name, String(value), reader);
  }
}

const fieldsOfRefusals: Readonly<Record<EntryRefusal['code'], string>> = {
  entity_not_found: 'legalEntity',
  unusable_code: 'code',
  partner_not_allowed: 'partner',
  unusable_day: 'fromDay',
  unusable_currency: 'currency',
  unusable_tax_code: 'taxCode',
  unusable_tax_rate: 'rateBasisPoints',
  unusable_rate: 'rateBasisPoints',
  unusable_reason: 'reason',
  unusable_balance: 'balanceMinor',
  unusable_settings: '',
  days_exported: '',
  month_closed: 'fromDay',
};

/** Why something was not entered, beside the field that it is about, where this form has that. */
export function errorsOfEntry(refusal: EntryRefusal, fields: readonly string[], { texts }: Reader): Errors {
  const { refusals, settings } = texts.finance;
  if (refusal.code === 'unusable_settings') return { [refusal.setting]: settings[refusal.setting] };
  const field = fieldsOfRefusals[refusal.code];
  const of =
    field === 'fromDay' ? (['fromDay', 'day', 'fromMonth'].find((each) => fields.includes(each)) ?? '') : field;
  return { [fields.includes(of) ? of : '']: refusals[refusal.code] };
}
