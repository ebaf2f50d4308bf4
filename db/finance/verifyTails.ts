import type { Difference } from '../../domain/finance/proof.js';
import type { Sql } from '../connect.js';

/**
 * Where the day until which nothing is booked any more is not the last that a close in force has: a chain proves
 * nothing of the closes that were cut off its end. While something closes, its days are shut and not yet written.
 */
export async function verifyTails(sql: Sql): Promise<Difference[]> {
  return sql<Difference[]>`
    with written as (
      select legal_entity, shop_id, max(last_day) as day from finance.closes_in_force group by 1, 2),
    last_opened as (
      select distinct on (legal_entity) legal_entity, first_day - 1 as day from finance.closes
       where kind = 'reopening' order by legal_entity, position desc),
    first_day as (
      select s.shop_id, least((s.created_at at time zone s.time_zone)::date,
                              (select min(m.booked_on) from movements m where m.shop_id = s.shop_id)) as day
        from shops s),
    wrong as (
      select legal_entity,
             case when t.day is null or t.day < w.day then 'day_open' else 'close_missing' end as difference
        from finance.closed_through t
        full join written w using (legal_entity, shop_id)
        left join last_opened r using (legal_entity)
        left join first_day f using (shop_id)
       where t.day is null or t.day < w.day
          or t.day > greatest(w.day, r.day) and (shop_id = '' or t.day >= f.day)
          or w.day is null and r.day is null and (shop_id = '' or t.day >= f.day))
    select distinct difference, legal_entity,
           case when difference = 'close_missing'
                then 1 + coalesce((select max(c.position) from finance.closes c
                                    where c.legal_entity = wrong.legal_entity), 0) end as position,
           null::text as reference, null::integer as sequence
      from wrong order by 2, 1`;
}
