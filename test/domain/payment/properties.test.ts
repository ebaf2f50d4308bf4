import fc from 'fast-check';
import { expect, test } from 'vitest';
import { balanceOf, heldOf } from '../../../domain/payment/payment.js';
import type { Command } from '../../../domain/payment/command.js';
import { handle, nextDeadline, passTime } from '../../../domain/payment/handle.js';
import { room, weightOf } from '../../../domain/payment/limits.js';
import { hasPassed } from '../../../domain/instants.js';
import { fromPlain, toPlain, type CommandRecord, type State } from '../../../domain/payment/state.js';
import { NOW, recorded } from './build.js';
import { steps, terms } from './steps.js';

test('whatever is sent, and whenever: the balance is the sum of the movements, in bounds, and nothing follows an end', () => {
  fc.assert(
    fc.property(terms, steps, (overrides, sequence) => {
      const state = recorded(overrides);
      run(state, sequence, (nowMs) => {
        assertBooks(state.outbox, state);
        const due = nextDeadline(state, nowMs);
        expect(due === null || !hasPassed(due, nowMs)).toBe(true);
        expect(
          state.payment.standing.status === 'active' &&
            hasPassed(state.payment.expiresAt, nowMs) &&
            state.payment.holds.length === 0,
        ).toBe(false);
      });
    }),
    { numRuns: 400 },
  );
});

test('however full it is: time passes, no command fails, and it grows no heavier than what is let in makes it', () => {
  fc.assert(
    fc.property(terms, steps, fc.integer({ min: -8_000, max: 100_000 }), (overrides, sequence, over) => {
      const state = recorded(overrides);
      // All holds first, while there is room for them.
      sequence.sort(([a], [b]) => Number(b.kind === 'hold') - Number(a.kind === 'hold'));
      for (const [each] of sequence.filter(([{ kind }]) => kind === 'hold')) handle(state, each, NOW);
      state.outboxBytes += room.stateBytes - weightOf(state) + over;
      const weight = weightOf(state);
      run(state, sequence, (nowMs) => {
        const due = nextDeadline(state, nowMs);
        expect(due === null || !hasPassed(due, nowMs)).toBe(true);
        expect(state.payment.holds.every((hold) => !hasPassed(hold.expiresAt, nowMs))).toBe(true);
        expect(weightOf(state)).toBeLessThan(Math.max(weight, room.stateBytes) + 4_000);
      });
    }),
    { numRuns: 300 },
  );
});

test('every command sent twice changes nothing the second time and gets the same decision', () => {
  fc.assert(
    fc.property(terms, steps, (overrides, sequence) => {
      const [once, twice] = [recorded(overrides), recorded(overrides)];
      run(once, sequence, () => undefined);
      let nowMs = NOW;
      for (const [each, pauseMs] of sequence) {
        nowMs += pauseMs;
        const first = handle(twice, each, nowMs);
        const again = handle(twice, each, nowMs);
        expect({ ...again, delivery: '', payment: '' }).toEqual({ ...first, delivery: '', payment: '' });
      }
      expect(toPlain(twice)).toEqual(toPlain(once));
    }),
    { numRuns: 300 },
  );
});

test('a state that crossed into another run as JSON decides as if it had stayed', () => {
  fc.assert(
    fc.property(terms, steps, steps, (overrides, before, rest) => {
      const stayed = recorded(overrides);
      run(stayed, before, () => undefined);
      const crossed = fromPlain(JSON.parse(JSON.stringify(toPlain(stayed))) as ReturnType<typeof toPlain>);
      run(stayed, rest, () => undefined);
      run(crossed, rest, () => undefined);
      expect(JSON.stringify(toPlain(crossed))).toBe(JSON.stringify(toPlain(stayed)));
    }),
    { numRuns: 200 },
  );
});

test('for each sale, what it got back never exceeds what it took', () => {
  fc.assert(
    fc.property(terms, steps, (overrides, sequence) => {
      const state = recorded(overrides);
      run(state, sequence, () => {
        const net = new Map<string, number>();
        for (const { movement } of state.outbox) {
          if (movement?.saleId !== undefined)
            net.set(movement.saleId, (net.get(movement.saleId) ?? 0) - movement.amountMinor);
        }
        for (const takenMinor of net.values()) expect(takenMinor).toBeGreaterThanOrEqual(0);
      });
    }),
    { numRuns: 200 },
  );
});

function run(state: State, sequence: [Command, number][], check: (nowMs: number) => void): void {
  let nowMs = NOW;
  for (const [each, pauseMs] of sequence) {
    nowMs += pauseMs;
    handle(state, each, nowMs);
    passTime(state, nowMs);
    check(nowMs);
  }
}

function assertBooks(records: CommandRecord[], { payment }: State): void {
  let balanceMinor = 0;
  let sequence = 0;
  let ended = false;
  records.forEach((record, i) => {
    expect(record.revision).toBe(i + 1);
    if (!record.movement) return;
    expect(ended).toBe(false);
    expect(record.movement).toMatchObject({ sequence: (sequence += 1), balanceBeforeMinor: balanceMinor });
    balanceMinor += record.movement.amountMinor;
    expect(record.movement.balanceAfterMinor).toBe(balanceMinor);
    ended = record.movement.kind === 'expired' || record.movement.kind === 'cancelled';
  });
  expect(balanceOf(payment)).toBe(balanceMinor);
  expect(heldOf(payment)).toBeGreaterThanOrEqual(0);
  expect(heldOf(payment)).toBeLessThanOrEqual(balanceMinor);
  expect(balanceMinor).toBeLessThanOrEqual(payment.terms.amountMinor);
  expect(payment.standing.status === 'used').toBe(!ended && balanceMinor === 0);
}
