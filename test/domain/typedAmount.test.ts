import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalOf, MAX_AMOUNT_MINOR } from '../../domain/money.js';
import { readAmount } from '../../domain/typedAmount.js';
import { createFormats } from '../../web/formats.js';

test.each([
  ['50', 'EUR', ',', 5_000],
  ['50', 'JPY', ',', 50],
  ['12,5', 'EUR', ',', 1_250],
  ['12.50', 'EUR', ',', 1_250],
  ['12,50', 'USD', '.', 1_250],
  ['1.234,50', 'EUR', ',', 123_450],
  ['1,234.50', 'EUR', ',', 123_450],
  ['1.234', 'EUR', ',', 123_400],
  ['1,234', 'USD', '.', 123_400],
  ['1.234.567', 'EUR', '.', 123_456_700],
  ['1 234,50 €', 'EUR', ',', 123_450],
  ['1\u202f234,50', 'EUR', ',', 123_450],
  ["1'234.50", 'CHF', '.', 123_450],
  ['EUR 7', 'EUR', ',', 700],
  ['7 eur', 'EUR', ',', 700],
  ['1.234', 'KWD', '.', 1_234],
  ['1.234', 'KWD', ',', 1_234_000],
  ['1.000', 'JPY', '.', 1_000],
])('%s of %s, where decimals begin with %s, is %i', (typed, currency, mark, amountMinor) => {
  expect(readAmount(typed, currency, mark)).toBe(amountMinor);
});

test.each([
  ['', 'EUR', ','],
  ['0', 'EUR', ','],
  ['-5', 'EUR', ','],
  ['1e3', 'EUR', ','],
  ['12,345', 'EUR', ','],
  ['1.234', 'EUR', '.'],
  ['12,5', 'JPY', ','],
  ['12.', 'EUR', '.'],
  ['1,23,456', 'EUR', '.'],
  ['1.23,45.6', 'EUR', ','],
  ['12 USD', 'EUR', ','],
  ['٥٠', 'EUR', ','],
  ['99999999999999', 'EUR', ','],
  ['5', 'XTS', ','],
])('%j of %s is no amount', (typed, currency, mark) => {
  expect(readAmount(typed, currency, mark)).toBeUndefined();
});

test('what is written is read as the same amount, in every locale', () => {
  const locales = ['en', 'en-GB', 'de', 'de-CH', 'de-AT', 'fr', 'sv'];
  const currencies = ['EUR', 'JPY', 'KWD'];
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: MAX_AMOUNT_MINOR }),
      fc.constantFrom(...locales),
      fc.constantFrom(...currencies),
      (amountMinor, locale, currency) => {
        const { plainAmount, decimalMark } = createFormats(locale, 'UTC');
        expect(readAmount(plainAmount(amountMinor, currency), currency, decimalMark)).toBe(amountMinor);
        expect(readAmount(decimalOf(amountMinor, currency), currency, '.')).toBe(amountMinor);
      },
    ),
  );
});
