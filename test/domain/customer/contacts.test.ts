import { expect, test } from 'vitest';
import { isEmail, isName, isPhone, phoneDigits } from '../../../domain/customer/contacts.js';

const phones: [typed: string, is: boolean, digits?: string][] = [
  ['030 1234567', true, '0301234567'],
  ['+49 (30) 123-45.67', true, '49301234567'],
  ['0049 30/1234567', true, '49301234567'],
  ['110', true, '110'],
  ['12', false],
  ['(+)-', false],
  ['', false],
  ['call me', false],
  ['030 1234567 ext. 8', false],
  ['1'.repeat(40), true, '1'.repeat(40)],
  ['1'.repeat(41), false],
];

test.each(phones)('a phone number: %s', (typed, is, digits) => {
  expect(isPhone(typed)).toBe(is);
  if (digits !== undefined) expect(phoneDigits(typed)).toBe(digits);
});

test.each([
  ['ada@example.com', true],
  ['mü@ü.de', true],
  ['ada@example', true],
  ['ada', false],
  ['@example.com', false],
  ['a da@example.com', false],
  ['a@b@c', false],
  [`${'a'.repeat(250)}@b.c`, true],
  [`${'a'.repeat(251)}@b.c`, false],
  ['a\0@b.c', false],
])('an e-mail address: %s', (typed, is) => {
  expect(isEmail(typed)).toBe(is);
});

test.each([
  ['李明', true],
  ['', false],
  ['🦄'.repeat(200), true],
  ['🦄'.repeat(201), false],
  ['a\0', false],
])('a name: %s', (typed, is) => {
  expect(isName(typed)).toBe(is);
});
