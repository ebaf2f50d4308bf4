import type { Sql } from '../connect.js';

/** A command that somebody wants to leave with Temporal, or has left there. */
export type LeftSignal = {
  readonly reference: string;
  readonly commandId: string;
  /** Whose the payment is said to be. */
  readonly customerId?: string | undefined;
  /** How many of those that may wait it takes the room of. */
  readonly places: number;
};

/**
 * The ids of those for which nobody waits any more: they are in the books, were refused after the payment's end, or
 * meant another customer's payment, which leaves no record.
 */
export async function settledSignals(sql: Sql, asked: readonly LeftSignal[]): Promise<string[]> {
  const references = asked.map(({ reference }) => reference);
  const commandIds = asked.map(({ commandId }) => commandId);
  const customerIds = asked.map(({ customerId = null }) => customerId);
  const rows = await sql<{ commandId: string }[]>`
    select a.command_id
      from unnest(${references}::text[], ${commandIds}::text[], ${customerIds}::text[])
             as a (reference, command_id, customer_id)
     where exists (select from commands c where c.reference = a.reference and c.command_id = a.command_id)
        or exists (select from request_keys k where k.request_id = a.command_id and k.outcome_code is not null)
        or exists (select from account_payments p
                    where p.reference = a.reference and p.customer_id <> a.customer_id)`;
  return rows.map(({ commandId }) => commandId);
}

/** Whether it was left before, whatever became of it. */
export async function wasLeft(
  sql: Sql,
  { reference, commandId }: Pick<LeftSignal, 'reference' | 'commandId'>,
): Promise<boolean> {
  const rows = await sql`
    select from sent_signals where command_id = ${commandId} and reference = ${reference}
     union all
    select from commands where command_id = ${commandId} and reference = ${reference}`;
  return rows.length > 0;
}
