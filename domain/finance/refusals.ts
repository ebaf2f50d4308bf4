import type { Account } from './accounts.js';
import { closeRefusals } from './closing.js';
import type { ClosedEverywhere, NotCarried } from './ledger.js';
import { REASON_SENTENCE } from '../ids.js';
import { refusals } from '../refusals.js';
import { settingsWanted } from './ledgerSettings.js';

/** Every way in which finance is turned down: its status and its sentence. */
export const financeRefusals = {
  entity_not_found: closeRefusals.entity_not_found,
  unusable_code: { status: 422, sentence: 'The code of an account is 1 to 60 visible characters.' },
  partner_not_allowed: { status: 422, sentence: 'Only the account between entities can be for one other entity.' },
  unusable_day: { status: 422, sentence: 'A day is written 2026-11-29, and a month begins on its first.' },
  unusable_currency: { status: 422, sentence: refusals.invalid_currency.sentence },
  unusable_tax_code: { status: 422, sentence: 'A tax code is 1 to 32 visible characters without blanks.' },
  unusable_tax_rate: { status: 422, sentence: 'A tax rate is from 0 to 100 per cent, in hundredths of one.' },
  unusable_rate: {
    status: 422,
    sentence: 'A rate is more than 0 and less than 100 per cent, and only breakage in proportion has one.',
  },
  unusable_reason: { status: 422, sentence: REASON_SENTENCE },
  unusable_balance: {
    status: 422,
    sentence: 'A balance is a whole number of minor units, below 0 where it is on the wrong side.',
  },
  unusable_settings: { status: 422, sentence: 'The ledger cannot be told this.' },

  days_not_over: {
    status: 422,
    sentence:
      'Days are exported once closed in every shop, as each is by itself six hours after midnight; beside it, until when all are, and who is behind.',
  },
  days_exported: { status: 409, sentence: 'That was exported already, and what was handed over stays as it was.' },
  month_closed: { status: 409, sentence: 'That month is closed: a rate counts from the first open month on.' },
  ledger_settings_missing: { status: 409, sentence: 'What this ledger wants to know was not entered yet.' },
  nothing_posted: { status: 422, sentence: 'Nothing was posted on these days.' },
  account_code_missing: { status: 409, sentence: 'Some accounts have no code in this ledger yet.' },
  currency_not_kept: { status: 422, sentence: 'This ledger is kept in another currency, and no rate is known here.' },
  decimals_not_carried: { status: 422, sentence: 'This format has no room for three decimals.' },
  lines_not_carried: { status: 422, sentence: 'That is more than a file of this format holds: fewer days may fit.' },
  account_not_carried: {
    status: 422,
    sentence: 'The code of an account is too long for this format, or not of digits.',
  },
  amount_not_carried: { status: 422, sentence: 'An amount is too large for this format.' },
  letters_not_carried: { status: 422, sentence: 'The name of a shop has letters that this format does not have.' },
} as const satisfies Readonly<Record<string, { status: 404 | 409 | 422; sentence: string }>>;

export type FinanceRefusalCode = keyof typeof financeRefusals;

/** Why something was not entered. */
export type EntryRefusal =
  | {
      readonly code:
        | 'entity_not_found'
        | 'unusable_code'
        | 'partner_not_allowed'
        | 'unusable_day'
        | 'unusable_currency'
        | 'unusable_tax_code'
        | 'unusable_tax_rate'
        | 'unusable_rate'
        | 'unusable_reason'
        | 'unusable_balance'
        | 'month_closed';
    }
  | { readonly code: 'days_exported'; readonly exports?: readonly number[] }
  | { readonly code: 'unusable_settings'; readonly setting: keyof typeof settingsWanted };

/** Why an export was turned down, and what of. */
export type ExportRefusal =
  | NotCarried
  | { readonly code: 'entity_not_found' | 'ledger_settings_missing' | 'nothing_posted' }
  | ({ readonly code: 'days_not_over' } & ClosedEverywhere)
  | { readonly code: 'days_exported'; readonly exports: readonly number[] }
  | { readonly code: 'account_code_missing'; readonly accounts: readonly Account[] };

export type FinanceRefusal = EntryRefusal | ExportRefusal;

/** What a refusal is about, beside its sentence: numbers of exports, accounts, a text. */
export function aboutOf({ code: _, ...about }: FinanceRefusal): string {
  return Object.values(about).flat().join(', ');
}

/** In a sentence, and what it is about. */
export function sentenceOf(refusal: FinanceRefusal): string {
  if (refusal.code === 'unusable_settings') return settingsWanted[refusal.setting];
  const about = aboutOf(refusal);
  return `${financeRefusals[refusal.code].sentence}${about === '' ? '' : ` (${about})`}`;
}
