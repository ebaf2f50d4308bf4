import { expect, test } from 'vitest';
import type { Command } from '../../../domain/payment/command.js';
import { issued } from '../../../domain/payment/issue.js';
import { handle } from '../../../domain/payment/handle.js';
import { REFUSAL_MEMORY_MS, room } from '../../../domain/payment/limits.js';
import { toPlain, type State } from '../../../domain/payment/state.js';
import { apply, cancel, issue, NOW, refund } from './build.js';

const MAX_PAYLOAD_BYTES = 2 * 1024 * 1024;
const longest = (prefix: string, i: number) => `${prefix}${i}`.padEnd(64, 'x');

function rich(): State {
  return issued(issue({ amountMinor: 1_000_000_000_000, expiresAt: null, customerId: longest('C', 0) }));
}

/** The longest words a command can be made of. */
function wordy(i: number): Command {
  return apply(longest('a', i), 1_000_000, {
    customerId: longest('C', 0),
    saleId: longest('S', i),
    by: { caller: longest('t', 0), staffId: longest('s', 0) },
  });
}

function fill(state: State, confirmed: 'recorded' | 'waiting'): number {
  for (let i = 0; ; i++) {
    if (handle(state, wordy(i), NOW + i).outcome === 'turned_away') return i;
    if (confirmed === 'recorded') state.outbox.length = 0;
  }
}

test('10,000 commands are remembered for good, then new spending is turned away and what gives back is not', () => {
  const state = rich();
  expect(fill(state, 'recorded')).toBe(room.acceptedCommands - 1);
  expect(handle(state, wordy(1), NOW).outcome).toBe('accepted');
  expect(handle(state, refund('r', 1, { saleId: longest('S', 1) }), NOW).outcome).toBe('accepted');
  expect(handle(state, cancel('c'), NOW).outcome).toBe('accepted');
  expect(JSON.stringify(toPlain(state)).length).toBeLessThan(MAX_PAYLOAD_BYTES * 0.75);
});

test('an outage of the records stops new spending before the state could outgrow one payload', () => {
  const state = rich();
  const taken = fill(state, 'waiting');
  expect(taken).toBeGreaterThan(1_000);
  expect(taken).toBeLessThanOrEqual(room.waitingRecords);
  expect(JSON.stringify(toPlain(state)).length).toBeLessThan(MAX_PAYLOAD_BYTES * 0.75);
  expect(handle(state, refund('r', 1, { saleId: longest('S', 1) }), NOW).outcome).toBe('accepted');
});

test('2,000 refusals are remembered for 30 days; more are not given, for they could not be kept', () => {
  const state = issued(issue({ expiresAt: null }));
  for (let i = 0; i < room.rememberedRefusals; i++) {
    expect(handle(state, apply(`a${i}`, 99_999), NOW + i).outcome).toBe('refused');
    state.outbox.length = 0;
  }
  expect(handle(state, apply('b', 99_999), NOW + 3_000)).toMatchObject({ outcome: 'turned_away', code: 'try_later' });
  expect(handle(state, apply('c', 1), NOW + 3_000).outcome).toBe('accepted');
  expect(handle(state, apply('b', 99_999), NOW + REFUSAL_MEMORY_MS).outcome).toBe('refused');
  expect(handle(state, apply('a1', 99_999), NOW + REFUSAL_MEMORY_MS)).toMatchObject({ delivery: 'replayed' });
});
