import fc from 'fast-check';
import { expect, test } from 'vitest';
import { missingAnswers } from '../../../domain/sale/putBack.js';

const ROOM = 1_000;

test('what is brought back stands where it stood, whatever was lost, and whoever answered before and after', () => {
  const sale = fc.record({
    isKept: fc.array(fc.boolean(), { maxLength: 12 }),
    before: fc.nat({ max: 2 }),
    after: fc.nat({ max: 2 }),
  });
  fc.assert(
    fc.property(sale, ({ isKept, before, after }) => {
      const answers = [...Array(before + isKept.length + after).keys()].map((i) => ({
        commandId: `k${i}`,
        at: new Date(i).toISOString(),
      }));
      // Earlier ones, of which no history is left, and later ones, which none has yet.
      const told = answers.slice(before, before + isKept.length);
      const known = answers
        .map(({ commandId, at: decidedAt }, i) => ({ commandId, decidedAt, number: 1 + ROOM * i }))
        .filter((_, i) => isKept[i - before] ?? true);
      const missing = missingAnswers([...told, ...told], known);
      const next = ROOM * answers.length;
      const placed = missing.map(({ record, number }, i) => ({ ...record, number: number ?? next + i }));
      const numbers = new Map([...known, ...placed].map(({ commandId, number }) => [commandId, number]));
      expect(new Set(numbers.values()).size).toBe(answers.length);
      expect([...numbers].sort(([, one], [, other]) => one - other).map(([id]) => id)).toEqual(
        answers.map(({ commandId }) => commandId),
      );
      const again = [...known, ...placed.map(({ at, ...each }) => ({ ...each, decidedAt: at }))];
      expect(missingAnswers(told, again)).toEqual([]);
    }),
  );
});
