import type { Sql } from '../connect.js';

/** Of one that nothing stands in the books about by then nothing will: it was refused without a record, or dropped. */
const MOST_HOURS = 6;

/**
 * Counts the signals that wait for a payment, and this one with them if fewer than so many others do.
 * @returns how many others wait
 */
export async function addSentSignal(
  sql: Sql,
  { reference, commandId, most }: { reference: string; commandId: string; most: number },
): Promise<number> {
  const [row] = await sql<[{ others: number }]>`
    with of_payment as (
      select s.command_id,
             s.sent_at < now() - make_interval(hours => ${MOST_HOURS})
               or exists (select from commands c where c.reference = s.reference and c.command_id = s.command_id)
               as is_over
        from sent_signals s where s.reference = ${reference}),
    others as (select count(*) as count from of_payment where not is_over and command_id <> ${commandId}),
    over as (delete from sent_signals where command_id in (select command_id from of_payment where is_over)),
    added as (
      insert into sent_signals (command_id, reference)
      select ${commandId}, ${reference} from others where count < ${most} on conflict do nothing)
    select count as others from others`;
  return row.others;
}
