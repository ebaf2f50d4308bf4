import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

/** Of a payment some quarter of a megabyte is resident, of one with thousands of commands some megabytes. */
const BYTES_EACH = 500_000;
const FEWEST = 100;
const MOST = 20_000;

/**
 * How many workflows a worker keeps in memory unless it is told: a quarter of what the machine or the container has,
 * or what the heap of their thread takes. One that comes back and is not kept is read anew from its history.
 */
export function roomForWorkflows(memoryBytes = memoryThere(), heapBytes = getHeapStatistics().heap_size_limit): number {
  const room = Math.floor(Math.min(memoryBytes / 4, heapBytes / 2) / BYTES_EACH);
  return Math.min(MOST, Math.max(FEWEST, room));
}

/** A container has less than its machine; where there is no limit, Node tells none or an impossible one. */
function memoryThere(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
