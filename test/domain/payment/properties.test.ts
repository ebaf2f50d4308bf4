import fc from 'fast-check';
import { expect, test } from 'vitest';
import { balanceOf, heldOf } from '../../../domain/payment/payment.js';
import type { Command } from '../../../domain/payment/command.js';
import { handle, nextDeadline, passTime } from '../../../domain/payment/handle.js';
import { hasPassed, instantOf } from '../../../domain/instants.js';
import { fromPlain, toPlain, type CommandRecord, type State } from '../../../domain/payment/state.js';
import {
  apply,
  cancel,
  capture,
  DAY_MS,
  expire,
  extend,
  freeze,
  hold,
  NOW,
  payOut,
  recorded,
  refund,
  release,
  thaw,
} from './build.js';

/** Few ids, sales and amounts, so that sequences meet each other; few enough ends that most of them get far. */
const id = fc.integer({ min: 0, max: 30 }).map((n) => `c${n}`);
const sale = fc.constantFrom('S', 'T', '__proto__');
const amountMinor = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 3_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 12_000 }) },
);
const customerId = fc.constantFrom('C', 'C', 'C', 'C', 'C', 'D');
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(id, amountMinor, sale, customerId)
      .map(([c, a, saleId, customer]) => apply(c, a, { saleId, customerId: customer })),
  },
  { weight: 6, arbitrary: fc.tuple(id, amountMinor, sale).map(([c, a, saleId]) => refund(c, a, { saleId })) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(id, amountMinor, sale, fc.integer({ min: 1, max: DAY_MS }))
      .map(([c, a, saleId, lifetimeMs]) => hold(c, a, { saleId, lifetimeMs })),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(id, id, amountMinor, sale).map(([c, h, a, saleId]) => capture(c, h, a, { saleId })),
  },
  { weight: 3, arbitrary: fc.tuple(id, id).map(([c, h]) => release(c, h)) },
  { weight: 1, arbitrary: id.map((c) => cancel(c)) },
  { weight: 2, arbitrary: fc.tuple(id, amountMinor).map(([c, a]) => payOut(c, a)) },
  { weight: 1, arbitrary: fc.tuple(id, fc.constantFrom('staff', 'gift')).map(([c, cause]) => freeze(c, cause)) },
  { weight: 3, arbitrary: fc.tuple(id, fc.constantFrom('staff', 'gift')).map(([c, cause]) => thaw(c, cause)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(id, fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 500 }), sale)
      .map(([c, a, keptMinor, saleId]) => refund(c, a, { saleId, keptMinor })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(id, id, amountMinor, fc.integer({ min: 1, max: DAY_MS }), sale)
      .map(([c, resizes, a, lifetimeMs, saleId]) => hold(c, a, { saleId, lifetimeMs, resizes })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(id, id, amountMinor, sale)
      .map(([c, h, a, saleId]) => capture(c, h, a, { saleId, heldUntil: instantOf(NOW + 2 * DAY_MS) })),
  },
  { weight: 1, arbitrary: id.map(expire) },
  {
    weight: 1,
    arbitrary: fc.tuple(id, fc.integer({ min: 0, max: 9 * DAY_MS })).map(([c, ms]) => extend(c, instantOf(NOW + ms))),
  },
);
const step = fc.tuple(command, fc.oneof(fc.constant(0), fc.integer({ min: 0, max: DAY_MS / 4 })));
const steps = fc.array(step, { minLength: 1, maxLength: 60 });
const terms = fc.record({
  amountMinor: fc.integer({ min: 1, max: 12_000 }),
  expiresAt: fc.option(
    fc.integer({ min: 1, max: 3 * DAY_MS }).map((ms) => instantOf(NOW + ms)),
    { nil: null },
  ),
});

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
