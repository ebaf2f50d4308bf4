import type { Sql } from '../../../db/connect.js';
import {
  listAccountCodes,
  listBreakageRates,
  listLedgerBalances,
  listLedgerSettings,
  listTaxRates,
} from '../../../db/finance/entered.js';
import { accounts, type Account } from '../../../domain/finance/accounts.js';
import { breakageMethods, type BreakageMethod } from '../../../domain/finance/breakage.js';
import { controlAccounts, type ControlAccount } from '../../../domain/finance/control.js';
import type { EntryKindName } from '../../../domain/finance/entries.js';
import type { LedgerFormat } from '../../../domain/finance/ledger.js';
import { readBasisPoints, readSignedAmount } from '../../../domain/finance/typed.js';
import { purposes, type Purpose } from '../../../domain/payment/terms.js';
import {
  enterAccountCode,
  enterBreakageRate,
  enterLedgerBalance,
  enterLedgerSettings,
  enterTaxRate,
  type Entering,
} from '../../../service/finance/enter.js';
import type { Values } from '../../http/form.js';
import type { Reader } from '../../http/reader.js';
import { currencyField, entityField, type EntryField } from './field.js';
import { settingsFields, settingsOf } from './settings.js';

/** Something that finance enters: its form, what is made of what was typed, and what was entered before. */
export type EntryKind = {
  readonly fields: readonly EntryField[];
  readonly enter: (
    sql: Sql,
    values: Values,
    by: { readonly reader: Reader; readonly enteredBy: string },
  ) => Promise<Entering>;
  readonly list: (sql: Sql, limit: number) => Promise<object[]>;
};

const fromDay: EntryField = { name: 'fromDay', form: 'day' };

/** Words of closed lists come from choices; what is none of them is none of the form. */
const typed = (values: Values, name: string) => values[name] ?? '';

const ofLedgers = (format: LedgerFormat): EntryKind => ({
  fields: [entityField, ...settingsFields[format]],
  enter: async (sql, values, { enteredBy }) =>
    enterLedgerSettings(sql, {
      legalEntity: typed(values, 'legalEntity'),
      settings: settingsOf(format, values),
      enteredBy,
    }),
  list: async (sql, limit) =>
    (await listLedgerSettings(sql, limit))
      .filter(({ settings }) => settings.format === format)
      .map(({ settings, ...entered }) => ({ ...entered, ...settings })),
});

export const entries: Readonly<Record<EntryKindName, EntryKind>> = {
  'account-codes': {
    fields: [
      entityField,
      { name: 'account', form: 'choice', of: accounts },
      { name: 'code', form: 'text', maxlength: 60 },
      fromDay,
      { name: 'partner', form: 'partner' },
    ],
    enter: async (sql, values, { enteredBy }) =>
      enterAccountCode(sql, {
        legalEntity: typed(values, 'legalEntity'),
        account: typed(values, 'account') as Account,
        code: typed(values, 'code'),
        fromDay: typed(values, 'fromDay'),
        partner: typed(values, 'partner'),
        enteredBy,
      }),
    list: listAccountCodes,
  },
  'tax-rates': {
    fields: [
      entityField,
      { name: 'taxCode', form: 'text', maxlength: 32 },
      { name: 'rateBasisPoints', form: 'percent', maxlength: 8 },
      fromDay,
    ],
    enter: async (sql, values, { enteredBy }) =>
      enterTaxRate(sql, {
        legalEntity: typed(values, 'legalEntity'),
        taxCode: typed(values, 'taxCode'),
        rateBasisPoints: readBasisPoints(typed(values, 'rateBasisPoints')) ?? NaN,
        fromDay: typed(values, 'fromDay'),
        enteredBy,
      }),
    list: listTaxRates,
  },
  'breakage-rates': {
    fields: [
      entityField,
      currencyField,
      { name: 'purpose', form: 'choice', of: purposes },
      { name: 'method', form: 'choice', of: breakageMethods },
      { name: 'rateBasisPoints', form: 'percent', maxlength: 8 },
      { name: 'fromMonth', form: 'month', maxlength: 7 },
      { name: 'reason', form: 'text', maxlength: 500 },
    ],
    enter: async (sql, values, { enteredBy }) =>
      enterBreakageRate(sql, {
        legalEntity: typed(values, 'legalEntity'),
        currency: typed(values, 'currency').toUpperCase(),
        purpose: typed(values, 'purpose') as Purpose,
        method: typed(values, 'method') as BreakageMethod,
        rateBasisPoints:
          typed(values, 'rateBasisPoints') === '' ? null : (readBasisPoints(typed(values, 'rateBasisPoints')) ?? NaN),
        fromMonth: `${typed(values, 'fromMonth')}-01`,
        reason: typed(values, 'reason').normalize('NFC'),
        enteredBy,
      }),
    list: listBreakageRates,
  },
  'ledger-balances': {
    fields: [
      entityField,
      { name: 'account', form: 'choice', of: controlAccounts },
      currencyField,
      { name: 'day', form: 'day' },
      { name: 'balanceMinor', form: 'amount', maxlength: 30 },
    ],
    enter: async (sql, values, { reader, enteredBy }) => {
      const kept = typed(values, 'currency').toUpperCase();
      return enterLedgerBalance(sql, {
        legalEntity: typed(values, 'legalEntity'),
        account: typed(values, 'account') as ControlAccount,
        currency: kept,
        day: typed(values, 'day'),
        balanceMinor: readSignedAmount(typed(values, 'balanceMinor'), kept, reader.formats.decimalMark) ?? NaN,
        enteredBy,
      });
    },
    list: listLedgerBalances,
  },
  xero: ofLedgers('xero'),
  netsuite: ofLedgers('netsuite'),
  datev: ofLedgers('datev'),
};
