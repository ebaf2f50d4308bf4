import { expect, test } from 'vitest';
import { confirm } from '../../../domain/payment/change.js';
import type { Command } from '../../../domain/payment/command.js';
import { handle, passTime } from '../../../domain/payment/handle.js';
import { ANSWER_MEMORY_MS, REFUSAL_MEMORY_MS, room, weightOf } from '../../../domain/payment/limits.js';
import { fromPlain, toPlain, type PlainState, type State } from '../../../domain/payment/state.js';
import { jsonBytes } from '../../../domain/json.js';
import { apply, cancel, capture, extend, freeze, hold, NOW, recorded, refund, release } from './build.js';

const MAX_PAYLOAD_BYTES = 2 * 1024 * 1024;
const longest = (prefix: string, i: number) => `${prefix}${i}`.padEnd(128, 'x');

function rich(): State {
  return recorded({ amountMinor: 1_000_000_000_000, expiresAt: null, customerId: longest('C', 0) });
}

/** The longest words a command can be made of. */
function wordy(i: number, saleId = longest('S', i)): Command {
  return apply(longest('a', i), 1_000, {
    customerId: longest('C', 0),
    saleId,
    by: { caller: longest('t', 0).slice(0, 64), shopId: 's'.repeat(32), staffId: longest('s', 0) },
    lines: [{ productId: longest('p', 0), amountMinor: 1_000 }],
  });
}

/** Sends until one is turned away, and tells how many were taken and why the last was not. */
function fill(state: State, books: 'recorded' | 'waiting', from = 0, nowMs = NOW): { taken: number; code: string } {
  for (let i = from; ; i++) {
    const answer = handle(state, wordy(i), nowMs + i - from);
    if ('code' in answer) return { taken: i - from, code: answer.code };
    if (books === 'recorded') confirm(state, state.outbox.length);
  }
}

const isWeighedRightly = (state: State) => expect(jsonBytes(toPlain(state))).toBeLessThan(weightOf(state));

test('a day of commands is remembered whole; then old ones shrink to their ids, which are never decided anew', () => {
  const state = rich();
  const { taken, code } = fill(state, 'recorded');
  expect(code).toBe('try_later');
  expect(taken).toBeGreaterThan(5_000);
  isWeighedRightly(state);
  expect(jsonBytes(toPlain(state))).toBeLessThan(MAX_PAYLOAD_BYTES / 2);
  expect(handle(state, refund('r', 1, { customerId: longest('C', 0), saleId: longest('S', 1) }), NOW).outcome).toBe(
    'accepted',
  );
  confirm(state, state.outbox.length);

  const tomorrow = NOW + ANSWER_MEMORY_MS;
  expect(handle(state, wordy(taken), tomorrow - 1)).toMatchObject({ code: 'try_later' });
  expect(handle(state, wordy(taken), tomorrow + 1_000).outcome).toBe('accepted');
  const before = jsonBytes(toPlain(state));
  for (const old of [wordy(0), wordy(1, 'another sale')])
    expect(handle(state, old, tomorrow + 1_000)).toMatchObject({ outcome: 'turned_away', code: 'answer_in_books' });
  expect(jsonBytes(toPlain(state))).toBe(before);
  const crossed = fromPlain(JSON.parse(JSON.stringify(toPlain(state))) as ReturnType<typeof toPlain>);
  expect(handle(crossed, wordy(0), tomorrow + 1_000)).toMatchObject({ code: 'answer_in_books' });
});

test('what waits for the books keeps its answer, however old it is', () => {
  const state = rich();
  const { taken } = fill(state, 'waiting');
  expect(taken).toBeGreaterThan(500);
  isWeighedRightly(state);
  expect(handle(state, wordy(taken), NOW + 9 * ANSWER_MEMORY_MS)).toMatchObject({ code: 'try_later' });
  expect(handle(state, wordy(0), NOW + 9 * ANSWER_MEMORY_MS)).toMatchObject({ delivery: 'replayed' });
  expect(
    handle(state, refund('r', 1, { customerId: longest('C', 0), saleId: longest('S', 1) }), NOW + 9 * ANSWER_MEMORY_MS)
      .outcome,
  ).toBe('accepted');
});

test('a payment that no id fits into any more is worn out for spending, and gives back and ends as ever', () => {
  const state = recorded({ amountMinor: 1_000_000, expiresAt: null });
  let code = '';
  for (let i = 0; code === ''; i++) {
    const answer = handle(state, apply(`a${i}`, 1), NOW + i * 60_000);
    if ('code' in answer) code = answer.code;
    confirm(state, state.outbox.length);
  }
  const later = NOW + 60 * ANSWER_MEMORY_MS;
  expect(code).toBe('payment_worn_out');
  expect(state.memory.bare.size).toBe(room.bareIds);
  isWeighedRightly(state);
  expect(handle(state, refund('r', 1), later).outcome).toBe('accepted');
  expect(handle(state, cancel('c'), later).outcome).toBe('accepted');
  expect(handle(state, apply('a0', 1), later)).toMatchObject({ code: 'answer_in_books' });
});

const ofTill = (i: number) => ({ by: { caller: `till-${i}`, shopId: 'main' } });

test('one till has room for 500 refusals, and takes none of the room of others', () => {
  const state = recorded({ expiresAt: null });
  const refuse = (id: string, till: number) => handle(state, apply(id, 99_999, ofTill(till)), NOW);
  for (let i = 0; i < room.refusalsOfCaller; i++) expect(refuse(`a${i}`, 1).outcome).toBe('refused');
  const crossed = () => Object.assign(state, fromPlain(JSON.parse(JSON.stringify(toPlain(state))) as PlainState));
  for (const cross of [() => state, crossed]) {
    cross();
    confirm(state, state.outbox.length);
    expect(refuse('b', 1)).toMatchObject({ outcome: 'turned_away', code: 'try_later' });
    expect(handle(state, refund('r', 1, ofTill(1)), NOW)).toMatchObject({ code: 'exceeds_refundable' });
    // A sale that is decided waits for these: what has gone it has to hear of.
    const ofSale = { ...ofTill(1), parent: { kind: 'sale', id: 'main/S', commandId: 'k' } } as const;
    expect(handle(state, apply(`${cross.name}-anew`, 99_999, ofSale), NOW)).toMatchObject({
      code: 'insufficient_balance',
    });
    expect(handle(state, hold(`${cross.name}-later`, 1, { ...ofSale, resizes: 'gone' }), NOW)).toMatchObject({
      code: 'hold_not_found',
    });
    expect(refuse('a7', 1)).toMatchObject({ delivery: 'replayed', code: 'insufficient_balance' });
    expect(refuse(`${cross.name}-2`, 2)).toMatchObject({ outcome: 'refused', code: 'insufficient_balance' });
  }
  expect(handle(state, apply('c', 1, ofTill(1)), NOW).outcome).toBe('accepted');
});

test('2,000 refusals are remembered for 30 days; more are not given, except those that could never buy anything', () => {
  const state = recorded({ expiresAt: null });
  handle(state, hold('h', 1, { lifetimeMs: 60 * ANSWER_MEMORY_MS }), NOW);
  for (let i = 0; i < room.rememberedRefusals; i++) {
    expect(handle(state, apply(`a${i}`, 99_999, ofTill(i % 4)), NOW + i).outcome).toBe('refused');
    confirm(state, state.outbox.length);
  }
  const soon = NOW + 3_000;
  expect(handle(state, apply('b', 99_999, ofTill(4)), soon)).toMatchObject({
    outcome: 'turned_away',
    code: 'try_later',
  });
  expect(handle(state, refund('r', 1), soon)).toMatchObject({ outcome: 'turned_away', code: 'exceeds_refundable' });
  expect(handle(state, capture('c', 'h', 2), soon)).toMatchObject({ code: 'exceeds_held_amount' });
  expect(handle(state, release('o', 'h'), soon).outcome).toBe('accepted');
  expect(handle(state, release('p', 'h'), soon)).toMatchObject({ code: 'hold_closed' });
  expect(handle(state, apply('c1', 1), soon).outcome).toBe('accepted');

  const nextMonth = NOW + REFUSAL_MEMORY_MS;
  expect(handle(state, apply('b', 99_999, ofTill(4)), nextMonth).outcome).toBe('refused');
  expect(handle(state, apply('a0', 1), nextMonth)).toMatchObject({ outcome: 'turned_away', code: 'answer_in_books' });
  expect(handle(state, apply('a1', 99_999, ofTill(1)), nextMonth)).toMatchObject({ delivery: 'replayed' });
});

test('old commands that could shrink let nobody spend into the room that is kept for the rest', () => {
  const state = rich();
  const { taken } = fill(state, 'recorded');
  const lines = Array.from({ length: 500 }, () => ({ productId: longest('p', 0), amountMinor: 1 }));
  for (let i = 0, outcome = 'accepted'; outcome === 'accepted'; i++)
    ({ outcome } = handle(
      state,
      { ...wordy(taken + i), amountMinor: 1, lines } as Command,
      NOW + 2 * ANSWER_MEMORY_MS,
    ));
  expect(weightOf(state)).toBeLessThan(room.spendingBytes + 2 * jsonBytes(lines));
});

test('a payment full of sales that it never forgets is worn out for spending, and gives back and ends as ever', () => {
  const state = rich();
  // Fast enough that a day of them would fill what is kept for what comes back.
  let nowMs = NOW;
  for (let i = 0, code = ''; code !== 'payment_worn_out' && i < room.bareIds; i++) {
    const answer = handle(state, wordy(i), nowMs);
    code = 'code' in answer ? answer.code : '';
    nowMs += code === '' ? 25_000 : ANSWER_MEMORY_MS;
    confirm(state, state.outbox.length);
  }
  const later = nowMs + ANSWER_MEMORY_MS;
  const customerId = longest('C', 0);
  expect(handle(state, wordy(20_000), later)).toMatchObject({ outcome: 'turned_away', code: 'payment_worn_out' });
  expect(handle(state, refund('r', 1, { customerId, saleId: longest('S', 1) }), later).outcome).toBe('accepted');
  expect(handle(state, cancel('c', { customerId }), later).outcome).toBe('accepted');
  isWeighedRightly(state);
});

/** A payment with every hold it may have, filled to the brim by what is accepted longest. */
function full(): State {
  const state = recorded({ amountMinor: 1_000_000, expiresAt: later(2), customerId: longest('C', 0) });
  for (let i = 0; i < room.openHolds; i++)
    handle(state, hold(longest('h', i), 100, { ...asking(i), lifetimeMs: ANSWER_MEMORY_MS }), NOW);
  handle(state, apply('a', 100_000, { customerId: longest('C', 0) }), NOW);
  for (let i = 0; weightOf(state) < room.stateBytes; i++)
    handle(state, refund(longest('r', i), 1, { ...asking(i), saleId: 'S' }), NOW);
  return state;
}

const later = (days: number) => new Date(NOW + days * ANSWER_MEMORY_MS).toISOString();
const asking = (i: number) => ({
  customerId: longest('C', 0),
  saleId: longest('S', i),
  by: { caller: longest('t', 0).slice(0, 64), shopId: 's'.repeat(32), staffId: longest('s', 0) },
  parent: { kind: 'sale', id: longest('S', i), commandId: longest('p', i) } as const,
});

test('past the payload nothing is accepted but what ends a hold, or the payment', () => {
  const state = full();
  const [customerId, saleId] = [longest('C', 0), longest('S', 1)];
  const turnedAway = [
    refund('r', 1, { customerId }),
    freeze('f'),
    { ...extend('e', later(3)), customerId } as Command,
    release('never arrived', 'x'),
    capture('keeps the rest', longest('h', 1), 1, { saleId, heldUntil: later(1) }),
  ];
  for (const each of turnedAway)
    expect(handle(state, each, NOW)).toMatchObject({ outcome: 'turned_away', code: 'try_later' });
  expect(handle(state, capture('c', longest('h', 1), 1, { ...asking(1) }), NOW).outcome).toBe('accepted');
  for (let i = 0; i < room.openHolds; i++) if (i !== 1) handle(state, release(longest('o', i), longest('h', i)), NOW);
  expect(state.payment.holds).toEqual([]);
  expect(handle(state, cancel('c2', { customerId }), NOW).outcome).toBe('accepted');
  isPortable(state);
});

test('past the payload holds and the payment end when their time has come', () => {
  const state = full();
  const weight = weightOf(state);
  passTime(state, NOW + ANSWER_MEMORY_MS);
  expect(state.payment.holds).toEqual([]);
  passTime(state, NOW + 2 * ANSWER_MEMORY_MS);
  expect(state.payment.standing.status).toBe('expired');
  expect(weightOf(state)).toBeLessThan(weight + 3_000);
  isPortable(state);
});

function isPortable(state: State): void {
  isWeighedRightly(state);
  expect(jsonBytes(toPlain(state))).toBeLessThan(MAX_PAYLOAD_BYTES - 200_000);
}
