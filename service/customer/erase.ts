import { eraseCustomer, type Erasure } from '../../db/customer/erasures.js';
import { within } from '../../db/outage.js';
import { tokenOf } from '../../domain/customer/erasure.js';
import { instantOf } from '../../domain/instants.js';
import { sending } from '../afterSending.js';
import { byOf, keyOf, type Asking } from '../asking.js';
import type { Parts } from '../parts.js';
import { refused, type Refused } from '../refused.js';

const PATIENCE_MS = 5_000;

/**
 * Erases who a customer is, once however often it is asked to. The books stay: what was paid, used and given back
 * stands there under the customer's id. The log has a line of it whatever its level, by which alone it is done again
 * after a backup was put back.
 * @throws OutcomeUnknown, RecordsUnavailable: to be asked again under the same key
 */
export async function erase(
  parts: Parts,
  asking: Asking,
  { customerId, reason }: { readonly customerId: string; readonly reason: string },
): Promise<{ readonly outcome: 'erased' } | Refused> {
  if ((await parts.requestKeys(keyOf(asking, null))).standing === 'another') return refused(parts, 'command_id_reused');
  const { caller, shopId, staffId = null } = byOf(asking.who);
  const log = parts.log.child({}, { level: 'warn' });
  const [erasureId, erasedAt] = [asking.requestId, instantOf(parts.now())];
  const erasure = { erasureId, customerId, erasedAt, reason, caller, shopId, staffId };
  const tell = (done: Erasure) => log.warn({ erasure: tokenOf(done) }, 'a customer was erased');
  await sending(within(PATIENCE_MS, eraseCustomer(parts.sql, erasure, tell)));
  return { outcome: 'erased' };
}
