import type { Instant } from '../../domain/instants.js';
import type { RefusalCode } from '../../domain/refusals.js';
import type { Sql } from '../connect.js';

/** A command that came when the payment had ended: it was refused, and what it asked for is not kept. */
export type RefusedAfterEnd = {
  readonly requestId: string;
  readonly code: RefusalCode;
  readonly refusedAt: Instant;
  readonly caller: string;
  readonly callerName: string | null;
};

/** The newest first. Whoever named the wrong customer has not asked this payment at all. */
export async function refusedAfterEnd(sql: Sql, reference: string, limit: number): Promise<RefusedAfterEnd[]> {
  return sql<RefusedAfterEnd[]>`
    select k.request_id, k.outcome_code as code, k.registered_at as refused_at, k.caller, u.name as caller_name
      from request_keys k left join staff.members u on 'staff:' || u.id = k.caller
     where k.reference = ${reference} and k.outcome_code is not null and k.outcome_code <> 'payment_not_found'
     order by k.registered_at desc, k.request_id limit ${limit}`;
}
