import type { Sql } from '../connect.js';
import type { LeftSignal } from './leftSignals.js';

/** Of one that nothing stands in the books about by then nothing will: it was refused without a record, or dropped. */
const MOST_HOURS = 6;
/** So many refused or lost ones of a payment, the newest, stay for people to see, and for so long. */
const KEPT = { most: 50, days: 30 } as const;

/**
 * Counts the signals that wait for a payment, and this one with them if it fits beside the others.
 * @returns how many places the others take, and whether it is counted only now
 */
export async function addSentSignal(
  sql: Sql,
  { reference, commandId, places, most }: LeftSignal & { most: number },
): Promise<{ others: number; added: boolean }> {
  const [row] = await sql<[{ others: number; added: boolean }]>`
    with of_payment as (
      select s.command_id, s.sent_at, s.places, c.outcome,
             c.command_id is not null or s.sent_at < now() - make_interval(hours => ${MOST_HOURS}) as is_over,
             row_number() over (partition by c.outcome is null, c.outcome = 'accepted' order by s.sent_at desc) as newest
        from sent_signals s left join commands c using (reference, command_id) where s.reference = ${reference}),
    others as (
      select coalesce(sum(places), 0) as places from of_payment where not is_over and command_id <> ${commandId}),
    over as (
      delete from sent_signals where command_id in (
        select command_id from of_payment
         where is_over and not (outcome is distinct from 'accepted' and newest <= ${KEPT.most}
                                and sent_at > now() - make_interval(days => ${KEPT.days})))),
    added as (
      insert into sent_signals (command_id, reference, places)
      select ${commandId}, ${reference}, ${places}::int from others where places + ${places}::int <= ${most}
      on conflict do nothing returning command_id)
    select places as others, exists (select from added) as added from others`;
  return row;
}

/** Counts one no more that was never left with Temporal. */
export async function removeSentSignal(sql: Sql, commandId: string): Promise<void> {
  await sql`delete from sent_signals where command_id = ${commandId}`;
}
