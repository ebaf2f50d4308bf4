import type { PaymentPosition, SortKey, Sorting } from '../../db/payment/list.js';
import type { AccountPaymentFilter } from '../../db/payment/listed.js';
import {
  currencyOf,
  filterNames,
  joined,
  readFilter,
  severalNames,
  type Part,
  type Reading,
} from './listParameters.js';
import { readPosition } from './listPosition.js';

/** One parameter of an address, as it stands there. */
export type Entry = readonly [name: string, value: string];

/** In the order in which they stand, each sorted by its key. */
export const columns = [
  'reference',
  'customerName',
  'type',
  'amountMinor',
  'balanceMinor',
  'status',
  'expiresAt',
  'issuedAt',
] as const satisfies readonly SortKey[];
export type Column = (typeof columns)[number];

/** What the address of a list asks for. */
export type Asked = {
  readonly filter: AccountPaymentFilter;
  readonly sorting: Sorting & { readonly by: Column };
  readonly position: PaymentPosition | undefined;
  /** What was understood, each written its one way, less what goes without saying. */
  readonly entries: readonly Entry[];
  /** What was not, and is left out. */
  readonly ignored: readonly Entry[];
};

export const SORT = 'sort';
/** After which row a page begins. */
export const AFTER = 'after';
const sorts: readonly string[] = columns.flatMap((column) => [column, `-${column}`]);
const FIRST_SORT = '-issuedAt';
const NOTHING: Part = { filter: {} };

/** Reads an address however it came about. What means nothing is left out and told of, and never a fault. */
export function readAddress(search: URLSearchParams, reading: Reading): Asked {
  const given = [...search].map(([name, value]): Entry => [name, value.trim()]).filter(([, value]) => value !== '');
  const currencies = given.flatMap(([name, value]) => (name === 'currency' ? (currencyOf(value)?.written ?? []) : []));
  const how = { ...reading, currency: currencies[0] ?? reading.shop.currency };
  const sorted = sorts.find((each) => each === firstOf(given, SORT)) ?? FIRST_SORT;
  const by = columns.find((column) => sorted.endsWith(column)) ?? 'issuedAt';
  const position = readPosition(firstOf(given, AFTER) ?? '', by);

  const partOf = ([name, value]: Entry): Part | undefined => {
    if (name === SORT) return value === sorted ? NOTHING : undefined;
    if (name === AFTER) return position === undefined ? undefined : NOTHING;
    const known = filterNames.find((each) => each === name);
    return known && readFilter(known, value, how);
  };
  let filter: AccountPaymentFilter = {};
  const entries: Entry[] = [];
  const ignored: Entry[] = [];
  for (const entry of given) {
    const part = partOf(entry);
    const written: Entry = [entry[0], part?.written ?? entry[1]];
    if (entries.some((each) => isSame(each, written))) continue;
    if (part === undefined || isSecond(entries, written)) {
      ignored.push(entry);
      continue;
    }
    filter = joined(filter, part.filter);
    entries.push(written);
  }
  return {
    filter,
    sorting: { by, order: sorted === by ? 'ascending' : 'descending' },
    position,
    entries: entries.filter((entry) => !isSame(entry, [SORT, FIRST_SORT])),
    ignored,
  };
}

/** The address of a list. */
export function addressOf(entries: readonly Entry[], path = '/account-payments'): string {
  const search = new URLSearchParams(entries.map(([name, value]): [string, string] => [name, value])).toString();
  return search === '' ? path : `${path}?${search}`;
}

/** The entries with these values in place of its own; a list that is asked for anew begins at its beginning. */
export function changed(entries: readonly Entry[], name: string, values: readonly string[]): Entry[] {
  const others = entries.filter((each) => each[0] !== name && each[0] !== AFTER);
  return [...others, ...values.map((value): Entry => [name, value])];
}

/** The entries by which a list is filtered. */
export function filtersOf(entries: readonly Entry[]): Entry[] {
  return entries.filter(([name]) => name !== SORT && name !== AFTER);
}

/** Whether an address says the same in fewer or other words than it could. */
export function isTidy(search: URLSearchParams, { entries, ignored }: Asked): boolean {
  const tidy = [...entries, ...ignored];
  return [...search].length === tidy.length && [...search].every((given) => tidy.some((each) => isSame(each, given)));
}

function isSecond(entries: readonly Entry[], [name]: Entry): boolean {
  return !severalNames.some((each) => each === name) && entries.some((each) => each[0] === name);
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one[0] === other[0] && one[1] === other[1];
}

function firstOf(given: readonly Entry[], wanted: string): string | undefined {
  return given.find(([name]) => name === wanted)?.[1];
}
