import { expect, test } from 'vitest';
import { instantOf } from '../../domain/instants.js';
import { isLastAdmin, isPassword, isPersonsName, isUsername, lockedUntil } from '../../domain/staff.js';

test.each([
  ['anna', true],
  ['a.b_c-9', true],
  ['a', false],
  ['x'.repeat(32), true],
  ['x'.repeat(33), false],
  ['Anna', false],
  ['anna smith', false],
  ['anna@shop', false],
  // No address can hold it, and these are names of our own.
  ['..', false],
  ['clock', false],
  ['operator', false],
])('the username %s: %s', (text, is) => {
  expect(isUsername(text)).toBe(is);
});

test.each([
  ['', false],
  ['Anna Smith', true],
  [' Anna', false],
  ['x'.repeat(101), false],
  ['Anna\0', false],
])('the name %j: %s', (text, is) => {
  expect(isPersonsName(text)).toBe(is);
});

test.each([
  ['nine char', false],
  ['ten charac', true],
  ['x'.repeat(128), true],
  ['x'.repeat(129), false],
])('the password %s: %s', (text, is) => {
  expect(isPassword(text)).toBe(is);
});

test('ten tries lock an account for fifteen minutes from the last of them', () => {
  const lastTriedAt = instantOf(0);
  const minutes = 60_000;
  expect(lockedUntil({ tries: 9, lastTriedAt }, 0)).toBeUndefined();
  expect(lockedUntil({ tries: 10, lastTriedAt }, 15 * minutes - 1)).toBe(instantOf(15 * minutes));
  expect(lockedUntil({ tries: 10, lastTriedAt }, 15 * minutes)).toBeUndefined();
});

test('the last admin is the only one', () => {
  expect([isLastAdmin('a', ['a']), isLastAdmin('a', ['a', 'b']), isLastAdmin('a', ['b'])]).toEqual([
    true,
    false,
    false,
  ]);
});
