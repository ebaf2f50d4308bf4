import { RecordsUnavailable, within } from '../../db/outage.js';
import { rememberOutcome, type Remembered, type RequestKey } from '../../db/requestKeys.js';
import { sending } from '../afterSending.js';
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
 * @throws OutcomeUnknown when it was sent to be remembered and nobody knows whether it is
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
  const outcome = before ? replayed : await remembered(parts, key);
  const shown = outcome.code === 'against_law' && judged.outcome === 'refused' ? { warnings: judged.warnings } : {};
  return refused(parts, outcome.code, { delivery: outcome.delivery, shown });
}

const replayed: Remembered = { code: 'against_law', delivery: 'replayed' };

function remembered({ sql }: Parts, key: RequestKey): Promise<Remembered> {
  return sending(within(PATIENCE_MS, rememberOutcome(sql, key, 'against_law')));
}
