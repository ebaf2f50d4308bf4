import type { Account } from './accounts.js';
import type { LedgerFormat, NotCarried } from './ledger.js';

/** Every way in which an export is turned down: its status and its sentence, in the order in which it is looked at. */
export const exportRefusals = {
  entity_not_found: { status: 404, sentence: 'No shop is of this legal entity.' },
  days_not_over: { status: 422, sentence: 'Days are exported once they are over in every shop.' },
  days_exported: { status: 409, sentence: 'Some of these days were exported before.' },
  ledger_settings_missing: { status: 409, sentence: 'What this ledger wants to know was not entered yet.' },
  nothing_posted: { status: 422, sentence: 'Nothing was posted on these days.' },
  account_code_missing: { status: 409, sentence: 'Some accounts have no code in this ledger yet.' },
  currency_not_kept: { status: 422, sentence: 'This ledger is kept in another currency, and no rate is known here.' },
  decimals_not_carried: { status: 422, sentence: 'This format has no room for three decimals.' },
  lines_not_carried: { status: 422, sentence: 'That is more than a file of this format holds. Export fewer days.' },
  account_not_carried: {
    status: 422,
    sentence: 'The code of an account is too long for this format, or not of digits.',
  },
  amount_not_carried: { status: 422, sentence: 'An amount is too large for this format.' },
  letters_not_carried: { status: 422, sentence: 'The name of a shop has letters that this format does not have.' },
} as const satisfies Record<string, { status: 404 | 409 | 422; sentence: string }>;

export type ExportRefusalCode = keyof typeof exportRefusals;

/** Some days of an entity and currency, as they are asked for. */
export type ExportWish = {
  readonly legalEntity: string;
  readonly currency: string;
  readonly format: LedgerFormat;
  readonly fromDay: string;
  readonly toDay: string;
};

/** Why an export was turned down, and what of. */
export type ExportRefusal =
  | NotCarried
  | { readonly code: 'entity_not_found' | 'days_not_over' | 'ledger_settings_missing' | 'nothing_posted' }
  | { readonly code: 'days_exported'; readonly exports: readonly number[] }
  | { readonly code: 'account_code_missing'; readonly accounts: readonly Account[] };

/** In a sentence, and what it is about. */
export function sentenceOf({ code, ...about }: ExportRefusal): string {
  const named = Object.values(about).flat().join(', ');
  return `${exportRefusals[code].sentence}${named === '' ? '' : ` (${named})`}`;
}
