import { firstDayOf, lastDayOf, mayReopen, type CloseRefusal, type MonthOf } from '../../domain/finance/closing.js';
import type { Sql } from '../connect.js';
import { closeColumns, findCloseOf, type Close } from './closes.js';
import { standingOf } from './closeStanding.js';
import { lockAllExports, lockBooks, lockCloses } from './locks.js';

/** Who opens a month again, why, and under which request: asked again under that one, it is told what it opened. */
export type Reopening = { readonly reopenedBy: string; readonly reason: string; readonly requestId: string };

/**
 * Opens a month of an entity again, and all that was closed after it. The closes stay, and are followed by this.
 * @throws RecordsUnavailable when somebody books for too long
 */
export async function reopenMonth(
  sql: Sql,
  { legalEntity, month }: MonthOf,
  { reopenedBy, reason, requestId }: Reopening,
): Promise<Close | CloseRefusal> {
  return sql.begin(async (transaction) => {
    const tx = transaction as unknown as Sql;
    await lockCloses(tx, legalEntity);
    const before = await findCloseOf(tx, requestId);
    if (before) return before;
    // What is being exported stays closed, in other entities too: what moves in a shop may be posted there.
    await lockAllExports(tx);
    const may = mayReopen(await standingOf(tx, legalEntity, month));
    if (may !== 'reopen') return may;
    await lockBooks(tx, legalEntity);
    const firstDay = firstDayOf(month);
    await tx`
      update finance.closed_through set day = least(day, ${firstDay}::date - 1) where legal_entity = ${legalEntity}`;
    const [made] = await tx<Close[]>`
      select ${closeColumns(tx)} from finance.add_close(jsonb_populate_record(null::finance.closes, ${tx.json({
        legal_entity: legalEntity,
        kind: 'reopening',
        shop_id: '',
        first_day: firstDay,
        last_day: lastDayOf(month),
        closed_by: reopenedBy,
        reason,
        movement_count: 0,
        late_count: 0,
        totals: [],
        rows_hash: '',
        request_id: requestId,
      })}))`;
    if (!made) throw new Error('a reopening without a row');
    return made;
  });
}
