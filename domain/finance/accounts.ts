/**
 * The accounts of an entity's ledger that account payments are posted to: what each is for, in the order in which
 * finance sets them up. Their codes are the entity's own.
 */
export const accountTitles = {
  liability_paid: 'Liability, paid for',
  liability_return: 'Liability, returned goods',
  liability_goodwill: 'Liability, goodwill',
  clearing_cash: 'Clearing, cash',
  clearing_card: 'Clearing, card',
  clearing_bank_transfer: 'Clearing, bank transfer',
  clearing_other: 'Clearing, other tender',
  returns: 'Goods returned',
  sales: 'Sales',
  goodwill_expense: 'Goodwill expense',
  breakage: 'Breakage',
  expected_breakage: 'Expected breakage',
  fees: 'Fees kept',
  unclaimed: 'Unclaimed, owed on',
  transfers: 'Between account payments',
  inter_entity: 'Between entities',
} as const;

export type Account = keyof typeof accountTitles;

export const accounts = Object.keys(accountTitles) as readonly Account[];

/** An account of the ledger by its code there. */
export function isAccountCode(value: string): boolean {
  return /^[!-~]([ -~]{0,58}[!-~])?$/.test(value);
}
