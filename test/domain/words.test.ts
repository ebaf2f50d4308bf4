import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bodyHash, canonicalJson } from '../../domain/payment/command.js';
import { isCallersId, isCallersName, isLines, isOneLine, isStorableText } from '../../domain/ids.js';
import { createCalendar, endOfDay, instantOf, isDay, lastDayBefore } from '../../domain/instants.js';
import { formatMoney, isAmountMinor, isCurrency } from '../../domain/money.js';
import { isReference, makeReference, readReference } from '../../domain/reference.js';
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
])('%s in %s ends at %s', (date, timeZone, end) => expect(endOfDay(date, createCalendar(timeZone))).toBe(end));

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
      const calendar = createCalendar(timeZone);
      const endMs = Date.parse(endOfDay(date, calendar) ?? '');
      expect(calendar.dayAt(endMs - 1) <= date).toBe(true);
      expect(calendar.dayAt(endMs) > date).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('a reference has the date of the shop, not of London', () => {
  const justBeforeMidnight = Date.parse('2026-11-23T23:30:00Z');
  const reference = makeReference(
    justBeforeMidnight,
    createCalendar('Europe/Berlin'),
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

test.each(['', 'a@b.example', ' a', 'a ', 'x'.repeat(129), '.', '..', 'ä', 'a\n', 'a\0b'])('%j is no id', (id) =>
  expect(isCallersId(id)).toBe(false),
);

test.each(['Shop/0042', '#1001', 'Order 7-12', 'gid://shop/1', 'x'.repeat(128), '...', '__proto__', '~'])(
  '%j is an id',
  (id) => expect(isCallersId(id)).toBe(true),
);

test.each(['clock', 'operator', 'staff:7', 'sale/1', 'gift/1', 'x'.repeat(65)])('no key speaks as %j', (name) =>
  expect(isCallersName(name)).toBe(false),
);

test('a reference is read however it was typed, and written one way', () => {
  expect(readReference('acc 2026-1123oilom9xb')).toBe('ACC-20261123-0110M9XB');
  expect(readReference('ACC20261124 01z0z8yz')).toBe('ACC-20261124-01Z0Z8YZ');
  for (const none of [
    '',
    'ACC',
    'ACC-20261124-01Z0Z8Y',
    'ACC-20261124-01Z0Z8YZ0',
    'ACD-20261124-01Z0Z8YZ',
    'ACC-20261124-01Z0Z8YU',
  ])
    expect(readReference(none)).toBeUndefined();
});

test('whatever a till makes of a reference, it is the same one', () => {
  const random = fc.uint8Array({ minLength: 8, maxLength: 8 });
  const habits = fc.array(fc.tuple(fc.nat(30), fc.constantFrom(' ', '-', '  ')), { maxLength: 5 });
  fc.assert(
    fc.property(random, habits, fc.boolean(), fc.boolean(), (bytes, gaps, isLower, isMisread) => {
      const reference = makeReference(Date.parse('2026-11-23T10:00:00Z'), createCalendar('UTC'), bytes);
      let typed = isMisread ? reference.replaceAll('0', 'O').replaceAll('1', 'l') : reference;
      if (isLower) typed = typed.toLowerCase();
      for (const [at, gap] of gaps) typed = typed.slice(0, at) + gap + typed.slice(at);
      expect(readReference(typed)).toBe(reference);
    }),
  );
});

test.each([
  ['2030-12-31', true],
  ['9998-12-31', true],
  ['9999-01-01', false],
  ['0000-01-01', false],
  ['1969-12-31', false],
  ['2027-02-30', false],
])('%s is a day on which something may end: %s', (day, told) => expect(isDay(day)).toBe(told));

test('the last day on which something is good is the one that was said, in every zone', () => {
  const zones = ['UTC', 'Europe/Berlin', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'America/Santiago'];
  for (const calendar of zones.map(createCalendar))
    for (const day of ['2026-03-29', '2026-09-05', '2030-12-31', '9998-12-31'])
      expect(lastDayBefore(endOfDay(day, calendar) ?? '', calendar)).toBe(day);
});

test.each(['a\0b', '\ud800', 'x\udc00'])('%j cannot be stored', (value) => expect(isStorableText(value)).toBe(false));

test.each([
  ['a reason', true, true],
  ['two\nlines', false, true],
  ['two\r\nlines', false, false],
  ['a\tb', false, false],
  ['a\u0007b', false, false],
  ['a\u007fb', false, false],
  ['a\u009fb', false, false],
  ['a\0b', false, false],
  ['\ud800', false, false],
  ['é, 💶 and \u00a0', true, true],
])('%j is one line: %s; some lines: %s', (value, line, lines) => {
  expect([isOneLine(value), isLines(value)]).toEqual([line, lines]);
});

test('the order of fields makes no difference to a body, anything else does', () => {
  const command = apply('a', 1, { lines: [{ productId: 'p', amountMinor: 1 }] });
  const shuffled = Object.fromEntries(Object.entries(command).reverse()) as typeof command;
  expect(bodyHash(shuffled)).toBe(bodyHash(command));
  expect(bodyHash({ ...command, commandId: 'b' })).toBe(bodyHash(command));
  expect(bodyHash(apply('a', 2))).not.toBe(bodyHash(apply('a', 1)));
  expect(canonicalJson({ b: undefined, a: [{ d: 1, c: 'é' }] })).toBe('{"a":[{"c":"é","d":1}]}');
  expect(instantOf(0)).toBe('1970-01-01T00:00:00.000Z');
});
