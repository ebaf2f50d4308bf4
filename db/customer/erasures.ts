import type { Instant } from '../../domain/instants.js';
import type { Sql } from '../connect.js';

/** Who asked for it, and why. */
export type Erasure = {
  readonly erasureId: string;
  readonly customerId: string;
  readonly caller: string;
  readonly staffId: string | null;
  readonly shopId: string;
  readonly reason: string;
};

/**
 * Takes from the books all that says who a customer is: the name with its contacts, the notes on payments, also on
 * those that are only reserved, and the messages of gifts made or got. Done before under the same id, it takes nothing:
 * what was typed in anew since then stays.
 */
export async function eraseCustomer(sql: Sql, erasure: Erasure): Promise<void> {
  const { customerId } = erasure;
  await sql.begin(async (transaction) => {
    const tx = transaction as unknown as Sql;
    const { count } = await tx`insert into customer_erasures ${tx(erasure)} on conflict (erasure_id) do nothing`;
    if (count === 0) return;
    await tx`delete from customers where customer_id = ${customerId}`;
    // Before the payments, whose notes the recorder takes from here.
    await tx`
      update issue_reservations set notes = null where notes is not null and issue ->> 'customerId' = ${customerId}`;
    await tx`update account_payments set notes = null where customer_id = ${customerId} and notes is not null`;
    await tx`
      update gifts set message = null
       where message is not null and (customer_id = ${customerId} or to_customer_id = ${customerId})`;
  });
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
