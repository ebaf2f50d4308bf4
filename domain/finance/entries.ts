import { ledgerFormats } from './ledger.js';

/** What finance enters by itself, settings by the program that keeps the ledger. */
export const entryKinds = [
  'account-codes',
  'tax-rates',
  'breakage-rates',
  'ledger-balances',
  ...ledgerFormats,
] as const;
export type EntryKindName = (typeof entryKinds)[number];
