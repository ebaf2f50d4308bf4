import { firstFundings } from '../payment/funding.js';

/** The accounts of a ledger that hold what is owed: one for each way in which the money first came, or one for all. */
export const controlAccounts = [
  'liability',
  ...firstFundings.map((funding) => `liability_${funding}` as const),
] as const;
export type ControlAccount = (typeof controlAccounts)[number];
