import { isOver } from '../payment/payment.js';
import type { CommandRecord } from '../payment/state.js';
import { compareSales } from './compareSales.js';
import type { BookedPayment, BookedRow } from './booked.js';
import { compareCommands, compareMovements } from './compareRows.js';
import { sayer, type Difference, type DifferenceKind, type Say } from './difference.js';
import { lastRevision, stateAfter, type Told } from './told.js';

/**
 * All that the books and a payment's own workflow say differently. The books were read first, so what they have the
 * workflow has to know; what it knows beyond them waits to be recorded, unless they said before that they have it.
 * @param told null of a payment of which Temporal has no workflow any more
 * @param nowMs whether a used payment can still change
 */
export function compare(
  reference: string,
  { booked, reservation }: InBooks,
  told: Told | null,
  nowMs: number,
): Difference[] {
  const say = sayer(reference);
  const unpromised =
    told !== null && reservation === 'missing' ? [say('reservation_missing', '', null, 'has a workflow')] : [];
  if (booked) return [...unpromised, ...comparePayment(say, booked, told, nowMs)];
  return told === null || !isLost(told, reservation)
    ? unpromised
    : [...unpromised, say('row_missing', '', null, `revision ${told.confirmedRevision}`)];
}

/** The books said that they had it; or it was promised, and its workflow was ended before it could bring its issue. */
function isLost({ confirmedRevision, ending }: Told, reservation: InBooks['reservation']): boolean {
  return confirmedRevision > 0 || (ending === 'gone' && reservation === 'there');
}

/** What the books have of a payment: its rows, and the promise of its reference. */
export type InBooks = {
  readonly booked: BookedPayment | null;
  readonly reservation: 'there' | 'missing';
};

function comparePayment(say: Say, booked: BookedPayment, told: Told | null, nowMs: number): Difference[] {
  const { row, commands } = booked;
  const canChange = !isOver({ standing: row, expiresAt: row.expiresAt }, nowMs);
  const isMissing = (told === null || told.ending === 'gone') && canChange;
  const missing = isMissing ? [say('actor_missing', '', `${row.status}, revision ${row.revision}`, null)] : [];
  if (told === null) return [...missing, ...compareMovements(say, booked, null)];
  const known = lastRevision(told);
  // It ended in what Temporal lost, and nothing will make its workflow again: only the books can be asked.
  if (row.revision > known && told.ending === 'gone' && !isMissing) return compareMovements(say, booked, null);
  if (row.revision > known) return [...missing, say('row_ahead', '', `revision ${row.revision}`, `revision ${known}`)];
  const behind =
    row.revision < told.confirmedRevision
      ? [say('row_behind', '', `revision ${row.revision}`, `revision ${told.confirmedRevision}`)]
      : [];
  return [
    ...missing,
    ...behind,
    ...compareRow(say, row, stateAfter(told, row.revision)),
    ...compareMovements(say, booked, told),
    ...compareCommands(say, row, commands, told),
    ...compareSales(say, booked, told),
  ];
}

/** The row itself. A conflict freezes the workflow alone, so that cause is not compared. */
function compareRow(say: Say, row: BookedRow, after: CommandRecord['after'] | undefined): Difference[] {
  if (!after) return [];
  const causes = (frozen: readonly string[]) =>
    frozen
      .filter((cause) => cause !== 'conflict')
      .sort()
      .join(', ') || 'none';
  const figures: readonly [DifferenceKind, string | number | null, string | number | null][] = [
    ['status', row.status, after.status],
    ['balance', balanceIn(row), balanceIn(after)],
    ['held', row.heldMinor, after.heldMinor],
    ['frozen', causes(row.frozenCauses), causes(after.frozenCauses)],
    ['expiry', row.expiresAt ?? 'never', after.expiresAt ?? 'never'],
    ['sequence', row.lastSequence, after.lastSequence],
  ];
  return figures
    .filter(([, books, actor]) => books !== actor)
    .map(([kind, books, actor]) => say(kind, '', books, actor));
}

/** What a payment has, or had when it ended. */
function balanceIn({ balanceMinor, endedBalanceMinor }: Pick<BookedRow, 'balanceMinor' | 'endedBalanceMinor'>) {
  return endedBalanceMinor === null ? balanceMinor : `ended with ${endedBalanceMinor}`;
}
