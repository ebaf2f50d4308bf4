import { expect, test } from 'vitest';
import type { CommandKind } from '../../../domain/payment/command.js';
import { stateAtIssue } from '../../../domain/payment/issue.js';
import { parseMessage } from '../../../workflows/payment/messages.js';
import { issue } from '../../domain/payment/build.js';

const read = (kind: CommandKind, message: object, form: 'signal' | 'update' = 'signal') =>
  parseMessage(kind, { commandId: 'm', ...message }, stateAtIssue(issue()), form);

const spending = { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: 'S-1' };
const unseen = 'a\u0000b';
const lawOf = (rule: object) => ({
  reason: 'agreed',
  law: { outcome: 'warned', rules: [{ id: 'DE-1', leastValidThrough: null, ...rule }] },
});

test.each<[string, CommandKind, object]>([
  ['a reason', 'expire', { reason: 'a\tb' }],
  ['a reason of two lines', 'freeze', { cause: 'staff', reason: 'a\nb' }],
  ['a reason that may be left out', 'refund', { ...spending, reason: unseen }],
  ['a caller', 'apply', { ...spending, by: { caller: unseen } }],
  ['a parent', 'apply', { ...spending, parent: { kind: 'sale', id: unseen, commandId: 'c' } }],
  ['a rule of law', 'expire', lawOf({ id: unseen })],
  ['the day of a rule of law', 'expire', lawOf({ leastValidThrough: unseen })],
])('%s with a character that is not to be seen is malformed, whoever sends it', (_, kind, message) => {
  expect(read(kind, message, 'update')).toMatchObject({ form: 'malformed' });
});

test('what an operator says of the shop and of themselves is kept, and their name is not', () => {
  const by = { caller: 'till-7', shopId: 'elsewhere', staffId: 'anna' };
  const who = (message: object) => read('apply', { ...spending, ...message });
  expect(who({ by })).toMatchObject({ command: { by: { ...by, caller: 'operator' }, saleShopId: 'elsewhere' } });
  expect(who({})).toMatchObject({ command: { by: { caller: 'operator', shopId: 'main' }, saleShopId: 'main' } });
  expect(read('expire', lawOf({}), 'update')).toMatchObject({ form: 'command' });
});
