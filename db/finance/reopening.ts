import { firstDayOf, lastDayOf, mayReopen, type CloseRefusal } from '../../domain/finance/closing.js';
import type { Sql } from '../connect.js';
import { closeColumns, type Close } from './closes.js';
import { standingOf } from './closeStanding.js';
import { lockAllExports } from './exports.js';

/** Opens a month of an entity again, and all that was closed after it. The closes stay, and are followed by this. */
export async function reopenMonth(
  sql: Sql,
  { legalEntity, month }: { readonly legalEntity: string; readonly month: string },
  { reopenedBy, reason }: { readonly reopenedBy: string; readonly reason: string },
): Promise<Close | CloseRefusal> {
  return sql.begin(async (transaction) => {
    const tx = transaction as unknown as Sql;
    await tx`select pg_advisory_xact_lock(hashtextextended(${`closes of ${legalEntity}`}, 0))`;
    // What is being exported stays closed, in other entities too: what moves in a shop may be posted there.
    await lockAllExports(tx);
    const may = mayReopen(await standingOf(tx, legalEntity, month));
    if (may !== 'reopen') return (await reopenedSo(tx, { legalEntity, month }, { reopenedBy, reason })) ?? may;
    await tx`select pg_advisory_xact_lock(hashtextextended(${`books of ${legalEntity}`}, 0))`;
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
      })}))`;
    if (!made) throw new Error('a reopening without a row');
    return made;
  });
}

/** What the same person said before, and nobody has closed since: asked again, it is told again. */
async function reopenedSo(
  sql: Sql,
  { legalEntity, month }: { readonly legalEntity: string; readonly month: string },
  { reopenedBy, reason }: { readonly reopenedBy: string; readonly reason: string },
): Promise<Close | undefined> {
  const [made] = await sql<Close[]>`
    select ${closeColumns(sql)} from finance.closes r
     where legal_entity = ${legalEntity} and kind = 'reopening' and first_day = ${firstDayOf(month)}::date
       and closed_by = ${reopenedBy} and reason = ${reason}
       and not exists (select from finance.closes m
                        where m.legal_entity = r.legal_entity and m.kind = 'month' and m.number > r.number)`;
  return made;
}
