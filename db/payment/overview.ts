import type { Sql } from '../connect.js';

/** What all active payments of one currency come to; of one past its time only what holds still reserve counts. */
export type CurrencyOverview = {
  readonly currency: string;
  readonly outstandingMinor: number;
  readonly availableMinor: number;
  readonly active: number;
  readonly held: number;
  readonly frozen: number;
  readonly expiring: number;
};

/**
 * The active payments at a glance, by currency.
 * @param expiring from when to when a payment ends that counts as expiring
 */
export async function overviewOf(
  sql: Sql,
  expiring: { readonly after: string; readonly by: string },
): Promise<CurrencyOverview[]> {
  return sql<CurrencyOverview[]>`
    select currency,
           sum(case when expires_at <= now() then held_minor else balance_minor end)::bigint as outstanding_minor,
           sum(case when expires_at <= now() or frozen_causes <> '{}' then 0 else balance_minor - held_minor end)::bigint
             as available_minor,
           count(*) as active,
           count(*) filter (where held_minor > 0) as held,
           count(*) filter (where frozen_causes <> '{}') as frozen,
           count(*) filter (where expires_at > ${expiring.after} and expires_at <= ${expiring.by}) as expiring
      from account_payments
     where status = 'active'
     group by currency order by currency`;
}
