import { expect, test } from 'vitest';
import type { Disposition } from '../../../domain/payment/command.js';
import { stateAtIssue } from '../../../domain/payment/issue.js';
import { view, type AccountPaymentView, type Standing } from '../../../domain/payment/payment.js';
import { inItsStead, whyNotReinstated } from '../../../domain/payment/replace.js';
import { by, issue, NOW } from './build.js';

function ended(status: 'expired' | 'cancelled', more: Partial<AccountPaymentView> = {}): AccountPaymentView {
  const standing: Standing = { status, endedBalanceMinor: 70 };
  return { ...view({ ...stateAtIssue(issue()).payment, standing }, NOW), ...more };
}
const gift = { frozenCauses: ['gift'] } as const;

test.each([
  ['expired', ended('expired'), undefined, 'not_given', undefined],
  ['forfeited', ended('cancelled'), 'forfeited', 'not_given', undefined],
  ['paid out', ended('cancelled'), 'paid_out', 'not_given', 'not_reinstatable'],
  ['with nothing left', ended('expired', { endedBalanceMinor: 0 }), undefined, 'not_given', 'not_reinstatable'],
  ['frozen by staff', ended('expired', { frozenCauses: ['staff'] }), undefined, 'not_given', undefined],
  ['a gift that was given', ended('expired', gift), undefined, 'given', undefined],
  ['a gift that was never given', ended('expired', gift), undefined, 'not_given', 'payment_frozen'],
  [
    'the same, for more than one cause',
    ended('expired', { frozenCauses: ['staff', 'gift'] }),
    undefined,
    'not_given',
    'payment_frozen',
  ],
] as const)('whether it is reinstated: %s', (_, payment, disposition: Disposition | undefined, giving, code) => {
  expect(whyNotReinstated(payment, disposition, giving)).toBe(code);
});

test('a replacement is frozen as what it replaces was, but for a gift: by then it has been given', () => {
  const decided = { commandId: 'again', by, expiresAt: null };
  const frozen = (frozenCauses: AccountPaymentView['frozenCauses']) =>
    inItsStead(ended('expired', { frozenCauses }), 'reinstatement', decided).frozen;
  expect([frozen([]), frozen(['staff']), frozen(['gift', 'staff']), frozen(['gift'])]).toEqual([
    undefined,
    ['staff'],
    ['staff'],
    undefined,
  ]);
});
