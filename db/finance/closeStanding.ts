import { firstDayOf, lastDayOf, type CloseStanding } from '../../domain/finance/closing.js';
import type { Sql } from '../connect.js';

/** What is closed of an entity, seen from a month. */
export async function standingOf(sql: Sql, legalEntity: string, month: string): Promise<CloseStanding> {
  const [row] = await sql<CloseStanding[]>`
    select (select min((clock_timestamp() at time zone time_zone)::date)::text from shops
             where legal_entity = ${legalEntity}) as today,
           (select max(to_char(first_day, 'YYYY-MM')) from finance.closes_in_force
             where legal_entity = ${legalEntity} and kind = 'month') as last_closed,
           case when not exists (select from finance.closes_in_force
                                  where legal_entity = ${legalEntity} and kind = 'month')
                then coalesce(
                  (select to_char(min(booked_on), 'YYYY-MM') from finance.proven where home_entity = ${legalEntity}),
                  (select to_char(min(created_at at time zone time_zone), 'YYYY-MM') from shops
                    where legal_entity = ${legalEntity})) end as first_month,
           case when exists (select from finance.closes_in_force
                              where legal_entity = ${legalEntity} and kind = 'month'
                                and first_day = ${firstDayOf(month)}::date) then 'closed' else 'open' end as asked,
           case when exists (select from finance.exported_days where day >= ${firstDayOf(month)}::date)
                then 'exported' else 'not_exported' end as days,
           coalesce((select max(position) from finance.closes where legal_entity = ${legalEntity}), 0)
             as newest_position,
           coalesce((select max(position) from finance.closes
                      where legal_entity = ${legalEntity} and kind = 'reopening'
                        and first_day <= ${lastDayOf(month)}::date), 0) as opened_position`;
  if (!row) throw new Error('a query without a row');
  return row;
}
