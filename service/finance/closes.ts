import { findClose, listCloses, type Close } from '../../db/finance/closes.js';
import { reopenMonth } from '../../db/finance/reopening.js';
import { within } from '../../db/outage.js';
import type { CloseRefusal } from '../../domain/finance/closing.js';
import type { Parts } from '../parts.js';

/** Reopening waits for whoever records at that moment. */
const PATIENCE_MS = 10_000;

export type MonthOf = { readonly legalEntity: string; readonly month: string };

/**
 * Closes a month of an entity, by a workflow of its own. One that is closed is told as it was, whoever asks again.
 * @throws ActorsUnavailable, OutcomeUnknown, RecordsUnavailable: to be asked again
 */
export async function closeMonth(
  { actors, sql }: Pick<Parts, 'actors' | 'sql'>,
  wish: MonthOf,
  closedBy: string,
): Promise<Close | CloseRefusal> {
  const closed = await actors.closeMonth({ ...wish, closedBy });
  if (closed.outcome === 'refused') {
    const { outcome: _, ...refusal } = closed;
    return refusal;
  }
  const close = await within(PATIENCE_MS, findClose(sql, closed.number));
  if (!close) throw new Error(`close ${closed.number} is not in the books`);
  return close;
}

/** Opens a month again, and what was closed after it. @throws RecordsUnavailable */
export async function reopen(
  { sql, log }: Pick<Parts, 'sql' | 'log'>,
  wish: MonthOf,
  why: { readonly reopenedBy: string; readonly reason: string },
): Promise<Close | CloseRefusal> {
  const reopened = await within(PATIENCE_MS, reopenMonth(sql, wish, why));
  if ('code' in reopened) return reopened;
  const { legalEntity, position, head, firstDay } = reopened;
  log.warn({ legalEntity, firstDay, position, head }, 'a closed month was opened again');
  return reopened;
}

/** The latest first. @throws RecordsUnavailable */
export async function closes(
  { listSql }: Pick<Parts, 'listSql'>,
  of: Parameters<typeof listCloses>[1],
): Promise<Close[]> {
  return within(PATIENCE_MS, listCloses(listSql, of));
}
