import { isCallersId, isOneLine, lengthOf, MAX_REASON_LENGTH } from '../../domain/ids.js';
import { MAX_LINES, MAX_PAYMENTS } from '../../domain/basket.js';
import type { Line, Wish } from '../../domain/payment/command.js';
import { isReference } from '../../domain/reference.js';
import type { Share } from '../../domain/sale/quote.js';
import { returnOrders, type ReturnSale } from '../../domain/sale/sale.js';
import { readAmount } from '../../domain/typedAmount.js';
import type { Errors } from '../http/fields.js';
import type { Values } from '../http/form.js';
import type { Reader } from '../http/reader.js';
import type { SoldLine } from './load.js';

/** What a return takes: all that has not gone back, some of what was sold, an amount, or one for each payment. */
const extents = ['everything', 'lines', 'amount', 'payments'] as const;
export type ReturnExtent = (typeof extents)[number];

export function extentIn(values: Values): ReturnExtent {
  return extents.find((each) => each === values['extent']) ?? 'everything';
}

/** A line of the form, and which product it stands for. */
export const lineField = (i: number) => `line-${i}`;
export const isLine = (name: string) => name.startsWith('line-');
export const productField = (i: number) => `product-${i}`;
/** What one payment gets back, and which payment it is. */
export const shareField = (i: number) => `share-${i}`;
export const isShare = (name: string) => name.startsWith('share-');
export const referenceField = (i: number) => `reference-${i}`;

/** The field with what store credit came to on the page that somebody said yes to. */
export const CREDIT = 'credit';

/** What becomes of that part of the goods that was paid in another way. */
export const otherWays = ['tender', 'credit'] as const;
export type OtherWay = (typeof otherWays)[number];

export function otherWayIn(values: Values): OtherWay {
  return otherWays.find((each) => each === values['other']) ?? 'tender';
}

export type ReturnWish = Omit<Wish<ReturnSale>, 'authority' | 'extent'>;
export type ReadReturn = { readonly wish: ReturnWish } | { readonly errors: Errors };

type Told = {
  readonly reader: Reader;
  readonly currency: string;
  /** What was sold, to say beside each line what of it can still come back; the sale itself sees to it again. */
  readonly sold: readonly SoldLine[] | null;
};

/** What was typed into the form of a return. */
export function readReturn(values: Values, told: Told): ReadReturn {
  const { reader, currency } = told;
  const extent = extentIn(values);
  const errors: Record<string, string> = {};
  const lines = extent === 'lines' ? linesIn(values, told, errors) : undefined;
  const amountMinor = extent === 'amount' ? amountIn('amount', values, told) : undefined;
  if (extent === 'amount' && amountMinor === undefined) errors['amount'] = exampleOf(reader, currency);
  const payments = extent === 'payments' ? sharesIn(values, told, errors) : undefined;
  // Only lines tell what was paid in which way.
  if (otherWayIn(values) === 'credit' && !lines) errors['other'] = reader.texts.returning.creditNeedsLines;
  const keptMinor = (values['kept'] ?? '') === '' ? undefined : amountIn('kept', values, told);
  if ((values['kept'] ?? '') !== '' && keptMinor === undefined) errors['kept'] = exampleOf(reader, currency);
  const reason = (values['reason'] ?? '').normalize('NFC');
  if (!isOneLine(reason)) errors['reason'] = reader.texts.refusals.invalid_text;
  else if (lengthOf(reason) > MAX_REASON_LENGTH)
    errors['reason'] = reader.texts.returning.reasonTooLong(MAX_REASON_LENGTH);
  if (Object.keys(errors).length > 0) return { errors };
  const order = returnOrders.find((each) => each === values['order']);
  return {
    wish: {
      kind: 'return',
      currency,
      ...(amountMinor !== undefined && { amountMinor }),
      ...(keptMinor !== undefined && { keptMinor }),
      ...(payments && { payments }),
      ...(lines && { lines }),
      ...(lines && order && { order }),
      ...(reason !== '' && { reason }),
    },
  };
}

function linesIn(values: Values, told: Told, errors: Record<string, string>): Line[] {
  const { reader, currency, sold } = told;
  const { returning } = reader.texts;
  const lines: Line[] = [];
  for (let i = 0; i < MAX_LINES; i++) {
    const productId = values[productField(i)];
    if (productId === undefined) break;
    if ((values[lineField(i)] ?? '') === '') continue;
    const amountMinor = amountIn(lineField(i), values, told);
    const line = sold?.find((each) => each.productId === productId);
    const leftMinor = line ? line.soldMinor - line.cameBackMinor : Infinity;
    if (!isCallersId(productId)) errors[lineField(i)] = reader.texts.refusals.invalid_id;
    else if (amountMinor === undefined) errors[lineField(i)] = exampleOf(reader, currency);
    else if (amountMinor > leftMinor)
      errors[lineField(i)] = returning.lineTooMuch(reader.formats.money(leftMinor, currency));
    else lines.push({ productId, amountMinor });
  }
  if (lines.length === 0 && Object.keys(errors).length === 0) errors[lineField(0)] = returning.noLine;
  return lines;
}

function sharesIn(values: Values, told: Told, errors: Record<string, string>): Share[] {
  const { reader, currency } = told;
  const shares: Share[] = [];
  for (let i = 0; i < MAX_PAYMENTS; i++) {
    const reference = values[referenceField(i)];
    if (reference === undefined) break;
    if ((values[shareField(i)] ?? '') === '') continue;
    const amountMinor = amountIn(shareField(i), values, told);
    if (!isReference(reference)) errors[shareField(i)] = reader.texts.refusals.invalid_id;
    else if (amountMinor === undefined) errors[shareField(i)] = exampleOf(reader, currency);
    else shares.push({ reference, amountMinor });
  }
  if (shares.length === 0 && Object.keys(errors).length === 0) errors[shareField(0)] = reader.texts.returning.noShare;
  return shares;
}

/** The field that keeps how decimals were written when the form was typed, whoever reads it later in which language. */
export const MARK = 'mark';

export function markIn(values: Values, { formats }: Reader): string {
  return [',', '.'].find((mark) => mark === values[MARK]) ?? formats.decimalMark;
}

function amountIn(name: string, values: Values, { reader, currency }: Told): number | undefined {
  return readAmount(values[name] ?? '', currency, markIn(values, reader));
}

function exampleOf({ texts, formats }: Reader, currency: string): string {
  return texts.forms.amount(formats.plainAmount(1_250, currency));
}
