import { digitsOf, isAmountMinor } from './money.js';

/**
 * An amount as people type it, in minor units: `1.234,50` or `1,234.50`, with or without marks between thousands and
 * the currency's sign beside it. `undefined` for what is no amount, or could be two.
 * @param decimalMark how this reader writes decimals: `,` or `.`
 */
export function readAmount(typed: string, currency: string, decimalMark: string): number | undefined {
  const digits = digitsOf(currency);
  const bare = typed
    .replace(/[\s'’_]/g, '')
    .replace(new RegExp(`^(${currency}|[€$£¥])|(${currency}|[€$£¥])$`, 'gi'), '');
  if (digits === undefined || !/^\d[\d.,]*$/.test(bare)) return undefined;
  const parted = partedAt(bare, digits, decimalMark);
  if (!parted || !/^(\d+|\d{1,3}([.,])\d{3}(\2\d{3})*)$/.test(parted.whole) || parted.fraction.length > digits)
    return undefined;
  const amountMinor = Number(parted.whole.replace(/[.,]/g, '') + parted.fraction.padEnd(digits, '0'));
  return isAmountMinor(amountMinor) ? amountMinor : undefined;
}

type Parted = { readonly whole: string; readonly fraction: string };

/** Where the decimals begin; `undefined` where that could be read in two ways. */
function partedAt(bare: string, digits: number, decimalMark: string): Parted | undefined {
  const marks = bare.replace(/\d/g, '');
  const last = Math.max(bare.lastIndexOf('.'), bare.lastIndexOf(','));
  const asWhole = { whole: bare, fraction: '' };
  const asDecimal = { whole: bare.slice(0, last), fraction: bare.slice(last + 1) };
  if (marks === '') return asWhole;
  // Both marks, or one of them several times: only the last one of its kind begins decimals.
  if (marks.includes('.') && marks.includes(','))
    return marks.lastIndexOf(marks.slice(-1)) === marks.indexOf(marks.slice(-1)) ? asDecimal : undefined;
  if (marks.length > 1) return asWhole;
  const after = asDecimal.fraction.length;
  if (after === 0) return undefined;
  if (after !== 3) return asDecimal;
  // `1.234`: of thousands where decimals are written otherwise, or the currency has none.
  if (bare[last] !== decimalMark || digits === 0) return asWhole;
  return digits === 3 ? asDecimal : undefined;
}
