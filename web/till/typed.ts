import { isCallersId } from '../../domain/ids.js';
import { isDay } from '../../domain/instants.js';
import { isReference } from '../../domain/reference.js';
import type { Share } from '../../domain/sale/quote.js';
import { readAmount } from '../../domain/typedAmount.js';
import type { Errors } from '../http/fields.js';
import { minorIn, type Values } from '../http/form.js';
import type { Reader } from '../http/reader.js';
import { draftIn, sharesIn, type Draft } from './draft.js';

/** What the form of the till said: the draft, and what is needed to ask again exactly for what was shown. */
export type Typed = {
  readonly values: Values;
  readonly draft: Draft;
  /** The amount of every payment that was listed, 0 for none. */
  readonly uses: readonly Share[];
  /** What the sale had taken of payments, and of all of them, when the form was made. */
  readonly drawn: readonly Share[];
  readonly takenMinor: number;
  readonly errors: Errors;
};

/** The fields whose text is not part of the sale until it is looked at. */
export const pending = ['customer', 'product', 'amount', 'reference', 'referenceAmount'] as const;
export type PendingField = (typeof pending)[number];

export function hasPending({ values }: Typed): boolean {
  return pending.some((name) => (values[name] ?? '') !== '');
}

export const useField = (reference: string): string => `use-${reference}`;

export function readTyped(values: Values, { texts, formats }: Reader, currency: string): Typed {
  const errors: Record<string, string> = {};
  const example = formats.plainAmount(12_50, currency);
  const read = (name: string): number => {
    const amountMinor = readNoneOrAmount(values[name] ?? '', currency, formats.decimalMark);
    if (amountMinor === undefined) errors[name] = texts.forms.amount(example);
    return amountMinor ?? 0;
  };
  const kept = draftIn(values);
  const shown = sharesIn(values['shown']);
  const uses = Object.keys(values)
    .filter((name) => name.startsWith(useField('')) && isReference(name.slice(useField('').length)))
    .map((name) => ({ reference: name.slice(useField('').length), amountMinor: read(name) }));
  const isChosen = ({ reference, amountMinor }: Share) =>
    shown.find((each) => each.reference === reference)?.amountMinor !== amountMinor ||
    kept.chosen.some((each) => each.reference === reference);
  const otherMinor = read('other');
  const { saleId = '', staffId = '', until = '' } = values;
  if (saleId !== '' && !isCallersId(saleId)) errors['saleId'] = texts.refusals.invalid_id;
  if (staffId !== '' && !isCallersId(staffId)) errors['staffId'] = texts.refusals.invalid_id;
  if (until !== '' && !isDay(until)) errors['until'] = texts.refusals.invalid_expires_at;
  return {
    values,
    draft: { ...kept, chosen: uses.filter(isChosen), otherMinor },
    uses,
    drawn: sharesIn(values['drawn']),
    takenMinor: minorIn(values['taken']),
    errors,
  };
}

/** Nothing, or any number of noughts, is 0. */
function readNoneOrAmount(typed: string, currency: string, decimalMark: string): number | undefined {
  return /^0*([.,]0*)?$/.test(typed.trim()) ? 0 : readAmount(typed, currency, decimalMark);
}
