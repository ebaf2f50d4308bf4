import { readAmount } from '../typedAmount.js';

/** `7.5` per cent are 750 hundredths of one, read without a float in between; undefined when it is no rate. */
export function readBasisPoints(typed: string): number | undefined {
  const [, whole, decimals = ''] = /^(\d{1,3})(?:[.,](\d{1,2}))?\s*%?$/.exec(typed.trim()) ?? [];
  if (whole === undefined) return undefined;
  const basisPoints = Number(whole) * 100 + Number(decimals.padEnd(2, '0'));
  return basisPoints <= 10_000 ? basisPoints : undefined;
}

/** A balance, which may be 0, or below it. */
export function readSignedAmount(typed: string, currency: string, decimalMark: string): number | undefined {
  const [, sign = '', amount = ''] = /^\s*([-\u2212]?)\s*(.*)$/.exec(typed) ?? [];
  if (/^0+([.,]0+)?$/.test(amount.trim())) return 0;
  const amountMinor = readAmount(amount, currency, decimalMark);
  return amountMinor === undefined || sign === '' ? amountMinor : -amountMinor;
}
