import { expect, test } from 'vitest';
import { messageOf, type Command } from '../../../domain/payment/command.js';
import { commit } from '../../../domain/payment/change.js';
import { changeOfAccepted } from '../../../domain/payment/change.js';
import { parseMessage } from '../../../workflows/payment/messages.js';
import { by, NOW, recorded } from '../../domain/payment/build.js';

const law = {
  outcome: 'overridden',
  reason: 'agreed',
  rules: [{ id: 'us-validity', leastValidThrough: '2031-06-01' }],
};
const requestHash = 'x'.repeat(22);
const sent = { commandId: 'c', by, requestHash, reason: 'asked' };
const messages = {
  extend: { ...sent, customerId: 'C', expiresAt: '2030-01-01T00:00:00.000Z' },
  payOut: { ...sent, customerId: 'C', amountMinor: 1, currency: 'EUR', tender: 'cash' },
  cancel: { ...sent, customerId: 'C', disposition: 'forfeited' },
  expire: sent,
} as const;

test.each(Object.entries(messages))(
  'the law beside %s is let in by an update, and never by a signal',
  (name, message) => {
    const kind = name as keyof typeof messages;
    const asUpdate = parseMessage(kind, { ...message, law }, recorded(), 'update');
    expect(asUpdate).toMatchObject({ form: 'command', command: { kind, law } });
    // What a signal lets in decides what an open payment replays.
    const asSignal = parseMessage(kind, { ...message, law }, recorded(), 'signal');
    expect(asSignal).toEqual({ form: 'malformed', reason: 'law: unknown_field' });
    expect(parseMessage(kind, message, recorded(), 'signal')).toEqual(
      parseMessage(kind, message, recorded(), 'update'),
    );
    const odd = { ...law, outcome: 'ignored' };
    expect(parseMessage(kind, { ...message, law: odd }, recorded(), 'update').form).toBe('malformed');
  },
);

test('what stands beside a command is what its message said', () => {
  const state = recorded();
  const command: Command = {
    kind: 'extend',
    commandId: 'c',
    by,
    customerId: 'C',
    expiresAt: '2030-01-01T00:00:00.000Z',
    reason: 'asked',
    law: { outcome: 'warned', rules: [{ id: 'de-validity', leastValidThrough: '2029-12-31' }] },
  };
  const parsed = parseMessage('extend', messageOf(command), state, 'update');
  if (parsed.form !== 'command') throw new Error(parsed.reason);
  commit(state, changeOfAccepted(state, parsed.command, NOW));
  expect(state.outbox.at(-1)?.details).toMatchObject({ law: command.law });
});
