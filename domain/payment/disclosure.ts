import type { RefusalCode } from '../refusals.js';

/**
 * Given before it is clear that the payment is the customer's: whoever names the wrong one is told nothing about it.
 */
const beforeWhose: ReadonlySet<RefusalCode> = new Set(['payment_not_found', 'command_id_reused']);

/** Whether a caller who is refused with this code may see the payment, and figures of it. */
export function mayBeShown(code: RefusalCode): boolean {
  return !beforeWhose.has(code);
}
