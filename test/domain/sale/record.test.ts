import fc from 'fast-check';
import { expect, test } from 'vitest';
import { needsBooks, resumed } from '../../../domain/sale/record.js';
import { NOW } from '../payment/build.js';
import { back, hold, saleIn, soldIn, source } from './saleRows.js';

const share = fc.record({
  heldMinor: fc.integer({ min: 1, max: 100 }),
  takenMinor: fc.integer({ min: 0, max: 100 }),
  /** Since the books were told. */
  captured: fc.double({ min: 0, max: 1, noNaN: true }),
  appliedMinor: fc.integer({ min: 0, max: 100 }),
});

test('a sale taken up from the books holds what its payments hold, whatever was taken past it', () => {
  fc.assert(
    fc.property(fc.array(share, { minLength: 1, maxLength: 4 }), (shares) => {
      const inBooks = saleIn(
        { status: 'held' },
        shares.map(({ heldMinor, takenMinor }, i) => source(`P${i}`, { heldMinor, takenMinor })),
      );
      const capturedOf = (i: number) => Math.floor((shares[i]?.captured ?? 0) * (shares[i]?.heldMinor ?? 0));
      const { figures } = soldIn(inBooks);
      const now = figures.map((figure, i) => ({
        ...figure,
        heldMinor: figure.heldMinor - capturedOf(i),
        takenMinor: figure.takenMinor + capturedOf(i) + (shares[i]?.appliedMinor ?? 0),
      }));
      const { attempt } = resumed({ ...inBooks, attempt: null }, inBooks, now, NOW);
      expect(attempt?.sources.map(({ heldMinor }) => heldMinor)).toEqual(now.map(({ heldMinor }) => heldMinor));
      expect(attempt?.sources.map(({ takenMinor }) => takenMinor)).toEqual(now.map(({ takenMinor }) => takenMinor));
      expect(attempt?.sources.map(({ capturedMinor }) => capturedMinor)).toEqual(shares.map((_, i) => capturedOf(i)));
      expect(attempt?.phase.status).toBe(now.every(({ heldMinor }) => heldMinor === 0) ? 'completed' : 'held');
    }),
  );
});

test('a hold of which no payment holds anything, and nothing was captured, has ended', () => {
  const inBooks = saleIn({ status: 'held' }, [source('P', { heldMinor: 60 })]);
  const gone = soldIn(inBooks).figures.map((figure) => ({ ...figure, heldMinor: 0 }));
  const statusAt = (nowMs: number) =>
    resumed({ ...inBooks, attempt: null }, inBooks, gone, nowMs).attempt?.phase.status;
  expect(statusAt(NOW)).toBe('released');
  expect(statusAt(NOW + 60_001)).toBe('lapsed');
});

test('without the books a return of a sale that had an earlier life is not decided, and neither is what is not held here', () => {
  const begun = saleIn({ status: 'held' }, [source('P', { heldMinor: 60 })]);
  expect(needsBooks({ ...begun, earlierLife: 'in_books' }, back())).toBe(true);
  expect(needsBooks({ ...begun, earlierLife: 'unknown' }, back())).toBe(false);
  expect(needsBooks({ ...begun, attempt: null }, back())).toBe(true);
  expect(needsBooks({ ...begun, attempt: null }, hold('h'))).toBe(false);
});
