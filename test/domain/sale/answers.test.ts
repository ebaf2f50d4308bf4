import { expect, test } from 'vitest';
import { detailsOf } from '../../../domain/payment/record.js';
import type { Release } from '../../../domain/payment/command.js';
import { stateAtIssue } from '../../../domain/payment/issue.js';
import { isWithdrawal, isWithdrawn } from '../../../domain/sale/answers.js';
import { apply, by, issue } from '../payment/build.js';

const { payment } = stateAtIssue(issue());
const release = (commandId: string, holdId: string): Release => ({
  kind: 'release',
  commandId,
  by,
  holdId,
  cause: 'asked',
});

test.each([
  ['an id that was used up before its command came', release('step', 'step'), true],
  ['the release of a hold', release('step', 'hold'), false],
  ['an apply', apply('step', 100), false],
])('%s is told as it was asked and as the books have it', (_, command, isSo) => {
  expect(isWithdrawal(command)).toBe(isSo);
  expect(isWithdrawn({ ...command, details: detailsOf(payment, command) })).toBe(isSo);
});
