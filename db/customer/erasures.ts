import type { Instant } from '../../domain/instants.js';
import type { Sql } from '../connect.js';

/** Who asked for it, why, and when: what came to be known since then stays. */
export type Erasure = {
  readonly erasureId: string;
  readonly customerId: string;
  readonly erasedAt: Instant;
  readonly caller: string;
  readonly staffId: string | null;
  readonly shopId: string;
  readonly reason: string;
};

/**
 * Takes from the books all that says who a customer is, and all that somebody typed about them: the name with its
 * contacts, the notes on payments, also on those that are only reserved, the messages and reasons of gifts made or
 * got, and all other reasons. Done before under the same id, it takes only reasons from before its time, which may have
 * come back: what was typed in anew since then stays.
 * @param tell hears of it right before it is kept: whoever dies in between has told of one that was not carried out,
 *   and never has carried out one that nobody was told of
 * @returns the erasure as it is written: done before, it has its first moment
 */
export async function eraseCustomer(
  sql: Sql,
  erasure: Erasure,
  tell: (erasure: Erasure) => void = () => undefined,
): Promise<Erasure> {
  const { customerId, erasureId, erasedAt } = erasure;
  return sql.begin(async (transaction) => {
    const tx = transaction as unknown as Sql;
    // Before anything is looked at: what brings a text about them meanwhile is waited for, or waits and sees this.
    await tx`select pg_advisory_xact_lock(hashtextextended('erasure of ' || ${customerId}::text, 0))`;
    const { count } = await tx`insert into customer_erasures ${tx(erasure)} on conflict (erasure_id) do nothing`;
    if (count === 0) {
      const [first] = await tx<[Erasure]>`select * from customer_erasures where erasure_id = ${erasureId}`;
      await tx`select erase_texts(${first.customerId}, ${first.erasedAt})`;
      tell(first);
      return first;
    }
    await tx`delete from customers where customer_id = ${customerId}`;
    // Before the payments, whose notes the recorder takes from here.
    await tx`
      update issue_reservations set notes = null where notes is not null and issue ->> 'customerId' = ${customerId}`;
    await tx`update account_payments set notes = null where customer_id = ${customerId} and notes is not null`;
    await tx`
      update gifts set message = null, reason = null
       where (message is not null or reason is not null)
         and (customer_id = ${customerId} or to_customer_id = ${customerId})`;
    await tx`select erase_texts(${customerId}, ${erasedAt})`;
    tell(erasure);
    return erasure;
  });
}

/** All that were ever asked for, oldest first. */
export async function listErasures(sql: Sql): Promise<Erasure[]> {
  return sql<Erasure[]>`select * from customer_erasures order by erased_at, erasure_id`;
}

/** Every customer of whom anything stands somewhere. */
export async function knownCustomers(sql: Sql): Promise<string[]> {
  const rows = await sql<{ customerId: string }[]>`
    select customer_id from customers
    union select customer_id from account_payments
    union select issue ->> 'customerId' from issue_reservations
    union select customer_id from gifts
    union select to_customer_id from gifts
    union select customer_id from sale_commands where customer_id is not null`;
  return rows.map(({ customerId }) => customerId);
}

/** Of the sales and payments of this customer nothing that was typed before this moment is told any more. */
export async function erasedUntil(sql: Sql, customerId: string): Promise<Instant | null> {
  const [row] = await sql<[{ until: Instant | null }]>`
    select max(erased_at) as until from customer_erasures where customer_id = ${customerId}`;
  return row.until;
}

export type Erased = Pick<Erasure, 'reason' | 'caller'> & { readonly erasedAt: Instant; readonly erasedBy: string };

/** When a customer was erased last. */
export async function lastErasure(sql: Sql, customerId: string): Promise<Erased | undefined> {
  const [row] = await sql<Erased[]>`
    select e.reason, e.caller, e.erased_at, coalesce(m.name, e.caller) as erased_by
      from customer_erasures e left join staff.members m on e.caller = 'staff:' || m.id
     where e.customer_id = ${customerId} order by e.erased_at desc limit 1`;
  return row;
}
