import { expect, test } from 'vitest';
import { refusalOnceOver } from '../../../domain/payment/afterEnd.js';
import { stateAtIssue } from '../../../domain/payment/issue.js';
import { view } from '../../../domain/payment/payment.js';
import { rulesKnown, RulesUnknown } from '../../../domain/payment/rules.js';
import { apply, DAY_MS, issue, NOW } from './build.js';

test('what is over is still judged by the rules of the payment, and by no newer ones that the code knows', () => {
  const newest = Math.max(...rulesKnown.map(({ number }) => number));
  const over = NOW + 2 * DAY_MS;
  const payment = view(stateAtIssue(issue()).payment, over);
  expect(refusalOnceOver(payment, apply('a', 1), 0, over, newest)).toBe('payment_expired');
  expect(() => refusalOnceOver(payment, apply('a', 1), 0, over, newest + 1)).toThrow(RulesUnknown);
});
