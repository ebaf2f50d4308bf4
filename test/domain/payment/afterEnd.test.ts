import { expect, test } from 'vitest';
import { refusalOnceOver } from '../../../domain/payment/afterEnd.js';
import { stateAtIssue } from '../../../domain/payment/issue.js';
import { view } from '../../../domain/payment/payment.js';
import { RulesUnknown } from '../../../domain/payment/rules.js';
import { apply, DAY_MS, issue, NOW } from './build.js';

test('what is over is still judged by the rules of the payment, and by no newer ones that the code knows', () => {
  const over = NOW + 2 * DAY_MS;
  const payment = view(stateAtIssue(issue()).payment, over);
  expect(refusalOnceOver(payment, apply('a', 1), 0, over, 1)).toBe('payment_expired');
  expect(() => refusalOnceOver(payment, apply('a', 1), 0, over, 2)).toThrow(RulesUnknown);
});
