import { expect, test } from 'vitest';
import { misfitOfSettings } from '../../../domain/finance/ledgerSettings.js';

const twoDigits = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));

test('a fiscal year begins on any day that every year has, and on no other', () => {
  const begins = (fiscalYearStart: string) =>
    misfitOfSettings({
      format: 'datev',
      currency: 'EUR',
      adviser: 29_098,
      client: 55_003,
      accountLength: 4,
      fiscalYearStart,
    }) === undefined;
  // 2027 has no 29 February.
  const days = Array.from({ length: 365 }, (_, n) => new Date(Date.UTC(2027, 0, 1 + n)).toISOString().slice(5, 10));
  const taken = twoDigits.flatMap((month) => twoDigits.map((day) => `${month}-${day}`)).filter(begins);
  expect(taken).toEqual(days);
  for (const text of ['', '1-1', '01-01\n', ' 01-01', '2027-01-01', '01/01']) expect(begins(text), text).toBe(false);
});
