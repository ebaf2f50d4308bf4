import type { Instant } from '../../domain/instants.js';
import type { Sql } from '../connect.js';

/**
 * Takes away the notes of payments that are used up or have ended and have not moved since, and the words of gifts that
 * were decided before. Notes of what can still be spent are still of use.
 * @returns how many there were
 */
export async function eraseOldWords(sql: Sql, before: Instant): Promise<number> {
  const [row] = await sql<[{ erased: number }]>`
    with notes as (
      update account_payments p set notes = null
       where notes is not null and status <> 'active'
         and exists (select from movements m
                      where m.reference = p.reference and m.sequence = p.last_sequence and m.moved_at < ${before})
      returning 1),
    messages as (
      update gifts set message = null where message is not null and decided_at < ${before} returning 1)
    select (select count(*) from notes) + (select count(*) from messages) as erased`;
  return row.erased;
}
