import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bodyHash, canonicalJson } from '../../domain/payment/command.js';
import { isCallersId, isStorableText } from '../../domain/ids.js';
import { endOfDay, instantOf, localDate } from '../../domain/instants.js';
import { formatMoney, isAmountMinor, isCurrency } from '../../domain/money.js';
import { isReference, makeReference } from '../../domain/reference.js';
import { sha256 } from '../../domain/sha256.js';
import { apply } from './payment/build.js';

test('sha256 is what node:crypto says', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const wellFormed = text.toWellFormed();
      expect(sha256(wellFormed)).toBe(createHash('sha256').update(wellFormed).digest('base64url'));
    }),
  );
});

test.each([
  ['2026-12-31', 'Europe/Berlin', '2026-12-31T23:00:00.000Z'],
  ['2026-03-28', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  ['2026-03-29', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ['2026-09-05', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
  ['2024-02-29', 'UTC', '2024-03-01T00:00:00.000Z'],
  ['2026-12-30', 'Pacific/Pago_Pago', '2026-12-31T11:00:00.000Z'],
  ['2026-02-29', 'UTC', undefined],
  ['2026-13-01', 'UTC', undefined],
  ['tomorrow', 'UTC', undefined],
])('%s in %s ends at %s', (date, timeZone, end) => expect(endOfDay(date, timeZone)).toBe(end));

test('the end of a day is the first instant of the next', () => {
  const zones = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kolkata',
    'Pacific/Apia',
    'Africa/Cairo',
  );
  const days = fc.date({ min: new Date('2020-01-02'), max: new Date('2040-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(zones, days, (timeZone, day) => {
      const date = day.toISOString().slice(0, 10);
      const endMs = Date.parse(endOfDay(date, timeZone) ?? '');
      expect(localDate(endMs - 1, timeZone) <= date).toBe(true);
      expect(localDate(endMs, timeZone) > date).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('a reference has the date of the shop, not of London', () => {
  const justBeforeMidnight = Date.parse('2026-11-23T23:30:00Z');
  const reference = makeReference(
    justBeforeMidnight,
    'Europe/Berlin',
    new Uint8Array([0, 1, 31, 32, 63, 200, 254, 255]),
  );
  expect(reference).toBe('ACC-20261124-01Z0Z8YZ');
  expect(isReference(reference)).toBe(true);
  expect(isReference('ACC-20261124-01Z0ZIYZ')).toBe(false);
});

test.each([
  [12_345, 'EUR', '123.45 EUR'],
  [5, 'EUR', '0.05 EUR'],
  [-250, 'EUR', '-2.50 EUR'],
  [500, 'JPY', '500 JPY'],
  [1_234, 'KWD', '1.234 KWD'],
])('%d in %s reads %s', (amountMinor, currency, text) => expect(formatMoney(amountMinor, currency)).toBe(text));

test.each([0, -1, 1.5, 1_000_000_000_001, NaN, Infinity, '5', null, undefined, 10n])('%s is no amount', (value) =>
  expect(isAmountMinor(value)).toBe(false),
);

test.each(['DEM', 'eur', 'EURO', '', 'XAU', 'constructor'])('%s is no currency', (code) =>
  expect(isCurrency(code)).toBe(false),
);

test.each(['', 'a@b.example', 'a b', 'x'.repeat(65), '__proto__', 'constructor', 'prototype', 'ä', 'a\n'])(
  '%j is no id',
  (id) => expect(isCallersId(id)).toBe(false),
);

test.each(['a\0b', '\ud800', 'x\udc00'])('%j cannot be stored', (value) => expect(isStorableText(value)).toBe(false));

test('the order of fields makes no difference to a body, anything else does', () => {
  const command = apply('a', 1, { lines: [{ productId: 'p', amountMinor: 1 }] });
  const shuffled = Object.fromEntries(Object.entries(command).reverse()) as typeof command;
  expect(bodyHash(shuffled)).toBe(bodyHash(command));
  expect(bodyHash({ ...command, commandId: 'b' })).toBe(bodyHash(command));
  expect(bodyHash(apply('a', 2))).not.toBe(bodyHash(apply('a', 1)));
  expect(canonicalJson({ b: undefined, a: [{ d: 1, c: 'é' }] })).toBe('{"a":[{"c":"é","d":1}]}');
  expect(instantOf(0)).toBe('1970-01-01T00:00:00.000Z');
});
