import { isCallersId, isStorableText, lengthOf } from '../../domain/ids.js';
import { endOfDay, isDay, startOfDay, type Calendar, type Instant } from '../../domain/instants.js';
import { decimalOf, digitsOf, isAmountMinor, isCurrency } from '../../domain/money.js';
import { purposes, types } from '../../domain/payment/command.js';
import { statuses } from '../../domain/payment/payment.js';
import { isShopId, type Shop } from '../../domain/shop.js';
import { readAmount } from '../../domain/typedAmount.js';
import { marks, type AccountPaymentFilter } from '../../db/payment/listed.js';

/** How what was typed is read: by whose calendar, and in which writing of numbers. */
export type Reading = { readonly shop: Pick<Shop, 'calendar' | 'currency'>; readonly decimalMark: string };

/** What a parameter of an address says, and how it is written where that is not as it was typed. */
export type Part = { readonly filter: AccountPaymentFilter; readonly written?: string };

type How = Reading & { readonly currency: string };

const MOST_SIGNS = 100;

/** What a list can be filtered by, by its name in the address; `undefined` is what a text says that means nothing. */
const readers = {
  q: (text) => (isStorableText(text) && lengthOf(text) <= MOST_SIGNS ? { filter: { q: text } } : undefined),
  customerId: (text) => idOf(text, (customerId) => ({ customerId })),
  type: (text) => oneOf(types, text, (type) => ({ type: [type] })),
  productId: (text) => idOf(text, (productId) => ({ productId })),
  purpose: (text) => oneOf(purposes, text, (purpose) => ({ purpose })),
  status: (text) => oneOf(statuses, text, (status) => ({ status: [status] })),
  only: (text) => oneOf(marks, text, (mark) => ({ marks: [mark] })),
  currency: (text) => currencyOf(text),
  amountFrom: (text, how) => amountOf(text, how, (amountFrom) => ({ amountFrom })),
  amountThrough: (text, how) => amountOf(text, how, (amountThrough) => ({ amountThrough })),
  balanceFrom: (text, how) => amountOf(text, how, (balanceFrom) => ({ balanceFrom })),
  balanceThrough: (text, how) => amountOf(text, how, (balanceThrough) => ({ balanceThrough })),
  validFrom: (text, how) => edgeOf(startOfDay, text, how, (expiresAfter) => ({ expiresAfter })),
  validThrough: (text, how) => edgeOf(endOfDay, text, how, (expiresBy) => ({ expiresBy })),
  createdBy: (text) => idOf(text, (createdBy) => ({ createdBy })),
  issuedFrom: (text, how) => edgeOf(startOfDay, text, how, (issuedFrom) => ({ issuedFrom })),
  issuedThrough: (text, how) => edgeOf(endOfDay, text, how, (issuedBefore) => ({ issuedBefore })),
  shopId: (text) => (isShopId(text) ? { filter: { shopId: text } } : undefined),
} satisfies Record<string, (text: string, how: How) => Part | undefined>;

export type FilterName = keyof typeof readers;
export const filterNames = Object.keys(readers) as readonly FilterName[];
/** Of these several may be asked for. */
export const severalNames: readonly FilterName[] = ['type', 'status', 'only'];

export function readFilter(name: FilterName, text: string, how: How): Part | undefined {
  const read: (text: string, how: How) => Part | undefined = readers[name];
  return read(text, how);
}

/** Both filters at once; what may have several values takes those of both. */
export function joined(one: AccountPaymentFilter, other: AccountPaymentFilter): AccountPaymentFilter {
  return {
    ...one,
    ...other,
    ...(one.type && other.type && { type: [one.type, other.type].flat() }),
    ...(one.status && other.status && { status: [...one.status, ...other.status] }),
    ...(one.marks && other.marks && { marks: [...one.marks, ...other.marks] }),
  };
}

export function currencyOf(text: string): Required<Part> | undefined {
  const currency = text.toUpperCase();
  return isCurrency(currency) ? { filter: { currency }, written: currency } : undefined;
}

type Then<Value> = (value: Value) => AccountPaymentFilter;

function idOf(text: string, then: Then<string>): Part | undefined {
  return isCallersId(text) ? { filter: then(text) } : undefined;
}

function oneOf<Word extends string>(list: readonly Word[], text: string, then: Then<Word>): Part | undefined {
  const word = list.find((each) => each === text);
  return word === undefined ? undefined : { filter: then(word) };
}

/** An amount of the currency that the list is of; without one, of the shop's, which it is of then. */
function amountOf(text: string, { currency, decimalMark }: How, then: Then<number>): Part | undefined {
  const amountMinor = writtenAmount(text, currency) ?? readAmount(text, currency, decimalMark);
  if (amountMinor === undefined) return undefined;
  return { filter: { currency, ...then(amountMinor) }, written: decimalOf(amountMinor, currency) };
}

/** An amount as addresses have it, the same for every reader. */
function writtenAmount(text: string, currency: string): number | undefined {
  const amountMinor = Number(text.replace('.', ''));
  const isWritten = digitsOf(currency) !== undefined && decimalOf(amountMinor, currency) === text;
  return isWritten && isAmountMinor(amountMinor) ? amountMinor : undefined;
}

type Edge = (day: string, calendar: Calendar) => Instant | undefined;

function edgeOf(edge: Edge, text: string, { shop }: How, then: Then<Instant>): Part | undefined {
  const instant = isDay(text) ? edge(text, shop.calendar) : undefined;
  return instant === undefined ? undefined : { filter: then(instant) };
}
