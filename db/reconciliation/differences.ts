import type { Difference } from '../../domain/reconciliation/difference.js';
import { keyOfDifference } from '../../domain/reconciliation/difference.js';
import type { Reconciled, ReconciliationScope } from '../../domain/reconciliation/reconciled.js';
import type { Instant } from '../../domain/instants.js';
import type { Sql } from '../connect.js';

/** A difference that nobody has found gone since. */
export type OpenDifference = Difference & { readonly differenceId: number; readonly foundAt: Instant };

/**
 * Writes down what a comparison of these payments found: what is new, and what it did not find any more.
 * @returns all that these payments have open now
 */
export async function noteDifferences(
  sql: Sql,
  compared: readonly string[],
  found: readonly Difference[],
): Promise<OpenDifference[]> {
  return sql.begin(async (transaction) => {
    const tx = transaction as unknown as Sql;
    // Two comparisons at once would each write down what they both found.
    await tx`select pg_advisory_xact_lock(hashtextextended('reconciliation differences', 0))`;
    const before = await openDifferences(tx, compared);
    const isThere = new Set(before.map(keyOfDifference));
    const isFound = new Set(found.map(keyOfDifference));
    const fresh = found.filter((each) => !isThere.has(keyOfDifference(each)));
    const gone = before.filter((each) => !isFound.has(keyOfDifference(each)));
    if (gone.length > 0)
      await tx`insert into reconciliation_resolutions ${tx(gone.map(({ differenceId }) => ({ differenceId })))}`;
    for (let i = 0; i < fresh.length; i += AT_ONCE)
      await tx`insert into reconciliation_differences ${tx(fresh.slice(i, i + AT_ONCE))}`;
    return openDifferences(tx, compared);
  });
}

/** A row has five values, and a statement some sixty thousand. */
const AT_ONCE = 5_000;

/** What is open of these payments. */
async function openDifferences(sql: Sql, references: readonly string[]): Promise<OpenDifference[]> {
  return sql<OpenDifference[]>`
    select difference_id, reference, kind, subject, books, actor, found_at from reconciliation_differences d
     where reference = any(${[...references]}) and ${isOpen(sql)}
     order by difference_id`;
}

/** What is open of a shop's payments, the oldest first; of one that the books lost only who sees all is told. */
export async function waitingDifferences(
  sql: Sql,
  { shopId, limit }: { readonly shopId: string | null; readonly limit: number },
): Promise<OpenDifference[]> {
  return sql<OpenDifference[]>`
    select d.difference_id, reference, d.kind, d.subject, d.books, d.actor, d.found_at
      from reconciliation_differences d left join account_payments p using (reference)
     where ${isOpen(sql)} and (${shopId}::text is null or p.shop_id = ${shopId})
     order by d.difference_id limit ${limit}`;
}

export async function hasOpenDifference(sql: Sql, reference: string): Promise<boolean> {
  return (await openDifferences(sql, [reference])).length > 0;
}

/** Of which payments something is open. */
export async function differingPayments(sql: Sql): Promise<string[]> {
  const rows = await sql<{ reference: string }[]>`
    select distinct reference from reconciliation_differences d where ${isOpen(sql)} order by reference`;
  return rows.map(({ reference }) => reference);
}

function isOpen(sql: Sql) {
  return sql`not exists (select from reconciliation_resolutions r where r.difference_id = d.difference_id)`;
}

export async function noteReconciliation(
  sql: Sql,
  scope: ReconciliationScope,
  startedAt: Instant,
  { outcome, compared, differing }: Pick<Reconciled, 'outcome' | 'compared' | 'differing'>,
): Promise<void> {
  await sql`insert into reconciliations ${sql({ scope, outcome, startedAt, compared, differing })}`;
}
