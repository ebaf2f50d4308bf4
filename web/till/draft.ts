import { isCallersId } from '../../domain/ids.js';
import { isDay } from '../../domain/instants.js';
import { isAmountMinor } from '../../domain/money.js';
import { canonicalJson, type Line } from '../../domain/payment/command.js';
import type { Delivery } from '../../domain/payment/handle.js';
import { isReference } from '../../domain/reference.js';
import type { Share } from '../../domain/sale/quote.js';
import { sha256 } from '../../domain/sha256.js';
import { minorIn, type Values } from '../http/form.js';
import { MAX_ADDRESS_LENGTH } from '../http/ownPath.js';

/** For how many minutes a hold may last. */
export const holdMinutes = ['15', '60', '240', '1440'] as const;
export type HoldMinutes = (typeof holdMinutes)[number];

/** A sale as a till has it before it is completed. All of it stands in the address, so that a reload keeps it. */
export type Draft = {
  readonly customerId: string | undefined;
  readonly saleId: string;
  readonly lines: readonly Line[];
  /** Amounts, 0 among them, that the cashier chose; the others are proposed. */
  readonly chosen: readonly Share[];
  /** What other tenders pay, as one figure. */
  readonly otherMinor: number;
  /** Who sold it, when that is not who is signed in. */
  readonly staffId: string | undefined;
  readonly holdFor: HoldMinutes;
  /** The day until which a hold, or the rest of one, is to stay. */
  readonly until: string | undefined;
  /** The hold of this sale that the till knows of, and for which basket it was made. */
  readonly holdId: string | undefined;
  readonly heldBasket: string | undefined;
};

/** An amount and what it is of, as one text: `3000 BIKE-7`. */
export const pairOf = (amountMinor: number, name: string): string => `${amountMinor} ${name}`;

type Pair = { readonly amountMinor: number; readonly name: string };

/** Several such texts, one a line; what is none is left out. */
function pairsIn(text: string | undefined): Pair[] {
  return (text ?? '').split('\n').flatMap((each) => {
    const [, digits, name] = /^(\d{1,13}) (.+)$/.exec(each.trim()) ?? [];
    const amountMinor = Number(digits);
    return name !== undefined && (amountMinor === 0 || isAmountMinor(amountMinor)) ? [{ amountMinor, name }] : [];
  });
}

export function sharesIn(text: string | undefined): Share[] {
  const shares = pairsIn(text).filter(({ name }) => isReference(name));
  return shares.map(({ amountMinor, name: reference }) => ({ amountMinor, reference }));
}

/** What an address, or what a form keeps out of sight, says; whatever else stands there is none of it. */
export function draftIn(values: Values): Draft {
  const id = (name: string) => {
    const value = values[name] ?? '';
    return isCallersId(value) ? value : undefined;
  };
  const { until = '' } = values;
  const lines = pairsIn(values['line']).filter(({ amountMinor, name }) => amountMinor > 0 && isCallersId(name));
  return {
    customerId: id('customerId'),
    saleId: id('saleId') ?? '',
    lines: lines.map(({ amountMinor, name: productId }) => ({ productId, amountMinor })),
    chosen: sharesIn(values['chosen']),
    otherMinor: minorIn(values['otherMinor']),
    staffId: id('staffId'),
    holdFor: holdMinutes.find((minutes) => minutes === values['holdFor']) ?? '15',
    until: isDay(until) ? until : undefined,
    holdId: id('holdId'),
    heldBasket: id('heldBasket'),
  };
}

export function valuesInAddress(url: string): Values {
  const { searchParams } = new URL(url);
  const names = new Set(searchParams.keys());
  return Object.fromEntries([...names].map((name) => [name, searchParams.getAll(name).join('\n').trim()]));
}

/** What the next page tells of what was just done. */
const tellings = ['yes', 'no', 'before'] as const;
export type Told = (typeof tellings)[number];

export function toldIn({ told }: Values): Told | undefined {
  return tellings.find((each) => each === told);
}

export function tellingOf({ delivery, recorded }: { delivery: Delivery; recorded: boolean }): Told {
  if (delivery === 'replayed') return 'before';
  return recorded ? 'yes' : 'no';
}

export function isAddressable(draft: Draft): boolean {
  return wholeAddressOf(draft).length <= MAX_ADDRESS_LENGTH;
}

/** Where the till stands with this draft; a basket that is too large for an address is in the form alone. */
export function addressOf(draft: Draft, told?: Told): string {
  return isAddressable(draft) ? wholeAddressOf(draft, told) : wholeAddressOf({ ...draft, lines: [], chosen: [] }, told);
}

function wholeAddressOf(draft: Draft, told?: Told): string {
  const params = new URLSearchParams();
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined && value !== '') params.append(name, value);
  };
  add('customerId', draft.customerId);
  add('saleId', draft.saleId);
  for (const { productId, amountMinor } of draft.lines) add('line', pairOf(amountMinor, productId));
  for (const { reference, amountMinor } of draft.chosen) add('chosen', pairOf(amountMinor, reference));
  if (draft.otherMinor > 0) add('otherMinor', String(draft.otherMinor));
  add('staffId', draft.staffId);
  if (draft.holdFor !== '15') add('holdFor', draft.holdFor);
  add('until', draft.until);
  add('holdId', draft.holdId);
  add('heldBasket', draft.heldBasket);
  add('told', told);
  const query = params.toString();
  return query === '' ? '/till' : `/till?${query}`;
}

/** The same for the same lines in the same order. */
export function printOf(lines: readonly Line[]): string {
  return sha256(canonicalJson(lines)).slice(0, 16);
}
