import type { Sql } from '../connect.js';

/**
 * Notes that a first slip is shown, by an address that says how often it was before; tells how often it is now, or
 * `undefined` where it has been shown by that address already.
 */
export async function noteSlip(sql: Sql, reference: string, before: number): Promise<number | undefined> {
  const [row] = await sql<{ shown: number }[]>`
    insert into first_slips as known (reference, shown) values (${reference}, 1)
        on conflict (reference) do update set shown = known.shown + 1 where known.shown = ${before}
    returning shown`;
  return row?.shown;
}
