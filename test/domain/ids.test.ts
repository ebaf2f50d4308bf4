import { expect, test } from 'vitest';
import { isReason, MAX_REASON_LENGTH } from '../../domain/ids.js';

test.each([
  ['a till was away', true],
  ['é', true],
  ['e\u0301', false],
  ['', false],
  [' \u00a0', false],
  ['two\nlines', false],
  ['a\u0000', false],
  ['\ud800', false],
  ['😀'.repeat(MAX_REASON_LENGTH), true],
  ['😀'.repeat(MAX_REASON_LENGTH + 1), false],
])('%j is a reason: %s', (text, expected) => {
  expect(isReason(text)).toBe(expected);
});
