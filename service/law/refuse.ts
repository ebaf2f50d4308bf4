import { RecordsUnavailable, within } from '../../db/outage.js';
import { rememberOutcome, type RequestKey } from '../../db/requestKeys.js';
import type { Parts } from '../parts.js';
import { refused, type Refused } from '../refused.js';
import type { Registration } from '../requestKeys.js';
import type { Judged } from './judge.js';

const PATIENCE_MS = 2_000;

/** Whether this very request was refused before because a law stood against it. */
export function wasBarred(registered: Registration): boolean {
  return registered.standing === 'ours' && registered.outcomeCode === 'against_law';
}

/**
 * Refuses what a law stands against, and remembers it under the request's key: sent again, it is refused again,
 * whatever the law or the shop's setting has become.
 * @throws RecordsUnavailable, also where only the books could tell whether a law stands against it: nothing has changed
 */
export async function refuseByLaw(
  parts: Parts,
  key: RequestKey,
  registered: Registration,
  judged: Judged,
): Promise<Refused> {
  const before = wasBarred(registered);
  if (!before && judged.outcome === 'refused' && judged.basis !== 'books')
    throw new RecordsUnavailable('what the law asks of it is not known for sure');
  if (!before) await within(PATIENCE_MS, rememberOutcome(parts.sql, key, 'against_law'));
  const shown = judged.outcome === 'refused' ? { warnings: judged.warnings } : {};
  return refused(parts, 'against_law', { delivery: before ? 'replayed' : 'first', shown });
}
