import { expect, test } from 'vitest';
import { roomForWorkflows } from '../../worker/cacheSize.js';

const GB = 1_000_000_000;

test.each([
  ['a small container', 0.25 * GB, 0.3 * GB, 125],
  ['less than there can be work with', 0.1 * GB, 0.1 * GB, 100],
  ["Compose's worker", 2 * GB, 4 * GB, 1_000],
  ['a large machine, where the heap is what ends first', 64 * GB, 4 * GB, 4_000],
  ['a large machine with a large heap', 256 * GB, 64 * GB, 20_000],
])('in %s a worker keeps what fits', (_, memoryBytes, heapBytes, workflows) => {
  expect(roomForWorkflows(memoryBytes, heapBytes)).toBe(workflows);
});

test('this machine has room for some', () => {
  expect(roomForWorkflows()).toBeGreaterThanOrEqual(100);
});
