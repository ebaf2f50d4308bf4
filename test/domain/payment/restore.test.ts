import fc from 'fast-check';
import { expect, test } from 'vitest';
import { confirm } from '../../../domain/payment/change.js';
import { handle } from '../../../domain/payment/handle.js';
import { stateAtIssue } from '../../../domain/payment/issue.js';
import { restore } from '../../../domain/payment/restore.js';
import { toPlain } from '../../../domain/payment/state.js';
import { issue, NOW } from './build.js';
import { steps, terms } from './steps.js';

test('what is restored from the books is what the payment was, whatever was sent to it', () => {
  fc.assert(
    fc.property(terms, steps, (overrides, sequence) => {
      const state = stateAtIssue(issue(overrides));
      const books = [...state.outbox];
      confirm(state, 1);
      let nowMs = NOW;
      for (const [command, pauseMs] of sequence) {
        nowMs += pauseMs;
        handle(state, command, nowMs);
        books.push(...state.outbox);
        confirm(state, state.outbox.length);
      }
      const booked = JSON.parse(JSON.stringify(books.slice(1))) as typeof books;
      const restored = restore(
        issue(overrides),
        booked.map(({ at, ...record }) => ({ ...record, decidedAt: at })),
      );
      expect(JSON.parse(JSON.stringify(toPlain(restored)))).toEqual(JSON.parse(JSON.stringify(toPlain(state))));
    }),
    { numRuns: 300 },
  );
});
