import fc from 'fast-check';
import type { Command } from '../../../domain/payment/command.js';
import { instantOf } from '../../../domain/instants.js';
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
export const steps = fc.array(step, { minLength: 1, maxLength: 60 });
export const terms = fc.record({
  amountMinor: fc.integer({ min: 1, max: 12_000 }),
  expiresAt: fc.option(
    fc.integer({ min: 1, max: 3 * DAY_MS }).map((ms) => instantOf(NOW + ms)),
    { nil: null },
  ),
});
