import { purposes, tenders, types, type recordedKinds } from '../payment/command.js';
import { firstFundings, fundingKinds, taxPoints } from '../payment/funding.js';
import { accounts } from './accounts.js';
import { breakageMethods } from './breakage.js';
import { categories, feeCategory } from './categories.js';
import { controlAccounts } from './control.js';
import { exceptionActs } from './exceptions.js';

/** What takes a customer to a till, in the order in which it does. */
const customerActs = [
  'issue',
  'hold',
  'apply',
  'capture',
  'refund',
  'payOut',
] as const satisfies readonly (typeof recordedKinds)[number][];
/** From when the age of what is owed counts. */
const agesSince = ['issue', 'last_use'] as const;
/** Whether one entity owes another, or only a shop another one of the same. */
const relations = ['within', 'between'] as const;

/** The columns of reports whose values are a closed list: people read words there, programs the values themselves. */
export const listedColumns = {
  account: controlAccounts,
  act: exceptionActs,
  category: [...categories, feeCategory],
  credit: accounts,
  debit: accounts,
  funding: fundingKinds,
  last_act: customerActs,
  method: breakageMethods,
  purpose: purposes,
  relation: relations,
  since: agesSince,
  source_funding: firstFundings,
  tax_point: taxPoints,
  tender: tenders,
  type: types,
} as const;

export type ListedColumn = keyof typeof listedColumns;
export type ListedValue<Column extends ListedColumn> = (typeof listedColumns)[Column][number];

export function isListedColumn(column: string): column is ListedColumn {
  return Object.hasOwn(listedColumns, column);
}
