import type { Instant } from '../instants.js';
import type { Account } from './accounts.js';

export const dateFormats = ['YYYY-MM-DD', 'MM/DD/YYYY', 'DD/MM/YYYY', 'DD.MM.YYYY'] as const;

/** Xero keeps manual journals in its organisation's own currency, and wants a tax rate by its name there. */
export type XeroSettings = {
  readonly format: 'xero';
  readonly currency: string;
  readonly taxRate: string;
  /** The tracking category of which shops are options; none when nothing is tracked. */
  readonly trackingName?: string | undefined;
};

/** NetSuite reads days as its preferences have them. */
export type NetsuiteSettings = {
  readonly format: 'netsuite';
  readonly subsidiary: string;
  readonly dateFormat: (typeof dateFormats)[number];
};

export type DatevSettings = {
  readonly format: 'datev';
  readonly currency: string;
  readonly adviser: number;
  readonly client: number;
  /** `01-01`, the month and day on which each fiscal year begins. */
  readonly fiscalYearStart: string;
  readonly accountLength: number;
};

/** What the ledger of an entity wants to know, by the program that keeps it. */
export type LedgerSettings = XeroSettings | NetsuiteSettings | DatevSettings;

export const ledgerFormats = ['xero', 'netsuite', 'datev'] as const satisfies readonly LedgerSettings['format'][];
export type LedgerFormat = (typeof ledgerFormats)[number];

/** An account as the journal names it, and its code in the entity's ledger. */
export type LedgerAccount = { readonly account: Account; readonly code: string };

/** What one shop posts on one day from one account to another. */
export type Posting = {
  readonly day: string;
  readonly shopId: string;
  readonly shopName: string;
  readonly debit: LedgerAccount;
  readonly credit: LedgerAccount;
  readonly amountMinor: number;
};

/** All that one entity posts in one currency on some days. */
export type Journal = {
  /** Of the export: no two have the same. */
  readonly number: number;
  readonly currency: string;
  readonly from: string;
  readonly to: string;
  readonly madeAt: Instant;
  readonly postings: readonly Posting[];
};

export type LedgerFile = { readonly name: string; readonly bytes: Uint8Array };

/** Asked for again, an export is the one that was made before, byte by byte. */
export const exportMakings = ['now', 'before'] as const;
export type ExportMaking = (typeof exportMakings)[number];

/** Some days of an entity and currency, as they are asked for. */
export type ExportWish = {
  readonly legalEntity: string;
  readonly currency: string;
  readonly format: LedgerFormat;
  readonly fromDay: string;
  readonly toDay: string;
};

/** The last day that is closed in every shop, and the shop that is furthest behind. */
export type ClosedEverywhere = { readonly closedThrough: string; readonly shopId: string };

/** What a format cannot carry, and where it was met. */
export type NotCarried =
  | { readonly code: 'decimals_not_carried' | 'currency_not_kept'; readonly currency: string }
  | { readonly code: 'account_not_carried'; readonly account: string }
  | { readonly code: 'letters_not_carried'; readonly text: string }
  | { readonly code: 'amount_not_carried'; readonly amountMinor: number }
  | { readonly code: 'lines_not_carried'; readonly lines: number };

/** The files for a ledger, or why it could not read them. */
export type Carried = { readonly files: readonly LedgerFile[] } | NotCarried;

export function notCarried(carried: object): carried is NotCarried {
  return 'code' in carried;
}
