import { seeThatCompared } from '../../db/booksCompared.js';
import { findClose, listCloses, type Close, type ClosesAsked } from '../../db/finance/closes.js';
import { lookAtMonth } from '../../db/finance/closing.js';
import { reopenMonth } from '../../db/finance/reopening.js';
import { RecordsUnavailable, within } from '../../db/outage.js';
import type { CloseRefusal, MonthOf } from '../../domain/finance/closing.js';
import { afterSending, sending } from '../afterSending.js';
import { keyOf, type Asking } from '../asking.js';
import type { Parts } from '../parts.js';

/** Reopening waits for whoever records at that moment. */
const PATIENCE_MS = 10_000;

/** What finance is told: the close as it was made, or why there is none. */
export type CloseAnswer = Close | CloseRefusal | { readonly code: 'command_id_reused' };

/**
 * Closes a month of an entity, by a workflow of its own. One that is closed is told as it was, whoever asks again; who
 * asks again under the same key is told what that one closed, whatever came since.
 * @throws ActorsUnavailable, OutcomeUnknown, RecordsUnavailable: to be asked again
 * @throws BooksPutBack while they miss what a backup lost: a close would prove less than was so
 */
export async function closeMonth(parts: Parts, asking: Asking, { legalEntity, month }: MonthOf): Promise<CloseAnswer> {
  if ((await standingOfKey(parts, asking)) === 'another') return { code: 'command_id_reused' };
  const { who, requestId } = asking;
  return closeUnderRequest(parts, { legalEntity, month }, { closedBy: who.caller, requestId });
}

/** The same for whoever has no key to be held to: an operator. */
export async function closeUnderRequest(
  { actors, sql }: Pick<Parts, 'actors' | 'sql'>,
  wish: MonthOf,
  by: { readonly closedBy: string; readonly requestId: string },
): Promise<Close | CloseRefusal> {
  const { requestId } = by;
  const { becomes, newestPosition } = await within(PATIENCE_MS, lookAtMonth(sql, { ...wish, requestId }));
  if (becomes !== 'close') return becomes;
  await within(PATIENCE_MS, seeThatCompared(sql, actors.startedSince));
  const closed = await actors.closeMonth({ ...wish, ...by, seenPosition: newestPosition });
  if (closed.outcome === 'refused') {
    const { outcome: _, ...refusal } = closed;
    return refusal;
  }
  const close = await afterSending(() => within(PATIENCE_MS, findClose(sql, closed.number)));
  if (!close) throw new Error(`close ${closed.number} is not in the books`);
  return close;
}

/**
 * Opens a month again, and what was closed after it, once however often it is asked to.
 * @throws OutcomeUnknown, RecordsUnavailable: to be asked again under the same key
 */
export async function reopen(
  parts: Parts,
  asking: Asking,
  { legalEntity, month, reason }: MonthOf & { readonly reason: string },
): Promise<CloseAnswer> {
  if ((await standingOfKey(parts, asking)) === 'another') return { code: 'command_id_reused' };
  const why = { reopenedBy: asking.who.caller, reason, requestId: asking.requestId };
  // Told to the log by whoever opened it, however late that is.
  const reopening = async () => logged(parts, await reopenMonth(parts.sql, { legalEntity, month }, why));
  return sending(within(PATIENCE_MS, reopening()));
}

function logged({ log }: Pick<Parts, 'log'>, reopened: Close | CloseRefusal): Close | CloseRefusal {
  if ('code' in reopened) return reopened;
  const { legalEntity, position, head, firstDay } = reopened;
  log.warn({ legalEntity, firstDay, position, head }, 'a closed month was opened again');
  return reopened;
}

/** Closes are told apart by their keys in the books alone. */
async function standingOfKey({ requestKeys }: Parts, asking: Asking): Promise<'ours' | 'another'> {
  const { standing } = await requestKeys(keyOf(asking, null), 'patiently');
  if (standing === 'unknown') throw new RecordsUnavailable('nobody knows what its key was used for');
  return standing;
}

/** The latest first. @throws RecordsUnavailable */
export async function closes({ listSql }: Pick<Parts, 'listSql'>, asked: ClosesAsked): Promise<Close[]> {
  return within(PATIENCE_MS, listCloses(listSql, asked));
}
