import type { Difference } from './difference.js';

/** Which payments are compared: those that changed or were reported, all of them, or those that somebody names. */
export const reconciliationScopes = ['changed', 'all', 'named'] as const;
export type ReconciliationScope = (typeof reconciliationScopes)[number];

/** `alarm`: so many differ that none was frozen. */
export const reconciliationOutcomes = ['agree', 'differ', 'alarm'] as const;
export type ReconciliationOutcome = (typeof reconciliationOutcomes)[number];

/** What to compare: the first two by themselves, the third for somebody. */
export type Reconciling =
  { readonly scope: 'changed' | 'all' } | { readonly scope: 'named'; readonly references: readonly string[] };

export type Reconciled = {
  readonly outcome: ReconciliationOutcome;
  /** How many payments, and how many of them differ. */
  readonly compared: number;
  readonly differing: number;
  /** How many of them are frozen for it now. */
  readonly frozen: number;
  readonly differences: readonly Difference[];
};

/** A payment that differs once may have been met half-way; only what is so again counts. */
export const LOOKED_AT_AGAIN_AFTER_MS = 30_000;
