import { isPhone, phoneDigits, type NewCustomer } from '../../domain/customer/contacts.js';
import { wordsToFind } from '../../domain/nameWords.js';
import type { Instant } from '../../domain/instants.js';
import type { Sql } from '../connect.js';
import { isNamed, patternsOf } from '../search.js';

/** A customer with what tells two of one name apart: for the staff's eyes, never for a workflow or a log. */
export type CustomerContacts = NewCustomer & { customerId: string };

/** Adds a customer, or says anew who it is: the id was made for this one. */
export async function insertCustomer(sql: Sql, { customerId, name, phone, email }: CustomerContacts): Promise<void> {
  await sql`
    insert into customers (customer_id, name, name_words, phone, email)
    values (${customerId}, ${name}, array_to_tsvector(${wordsToFind(name)}::text[]), ${phone}, ${email})
    on conflict (customer_id)
    do update set name = excluded.name, name_words = excluded.name_words, phone = excluded.phone,
                  email = excluded.email, updated_at = now()`;
}

/** The same, and when it was written, by which a later change knows what it was made from. */
export type KnownContacts = CustomerContacts & { readonly updatedAt: Instant };

export async function findContacts(sql: Sql, customerId: string): Promise<KnownContacts | undefined> {
  const [row] = await sql<KnownContacts[]>`
    select customer_id, name, phone, email, updated_at from customers where customer_id = ${customerId}`;
  return row;
}

/**
 * Writes who a customer is, unless somebody else has done so since it was seen: then it stays, and this says so. Sent
 * again, it is written already.
 * @param seenAt when what was seen had been written; null when nobody was known
 */
export async function changeContacts(
  sql: Sql,
  { customerId, name, phone, email }: CustomerContacts,
  seenAt: Instant | null,
): Promise<'changed' | 'seen_before_a_change'> {
  const { count } = await sql`
    insert into customers as known (customer_id, name, name_words, phone, email)
    select ${customerId}, ${name}, array_to_tsvector(${wordsToFind(name)}::text[]), ${phone}, ${email}
     where ${seenAt}::timestamptz is null or exists (select from customers where customer_id = ${customerId})
    on conflict (customer_id)
    do update set name = excluded.name, name_words = excluded.name_words, phone = excluded.phone,
                  email = excluded.email, updated_at = now()
     where date_trunc('milliseconds', known.updated_at) = ${seenAt}
        or (known.name, known.phone, known.email) is not distinct from (excluded.name, excluded.phone, excluded.email)`;
  return count > 0 ? 'changed' : 'seen_before_a_change';
}

/**
 * Whose id holds this, whose name has words that begin so, or whose phone number or e-mail address this is, whole; by
 * name. Found before they are sorted, as by searchCustomers.
 */
export async function searchContacts(sql: Sql, q: string, limit: number): Promise<CustomerContacts[]> {
  const digits = isPhone(q) ? phoneDigits(q) : null;
  return sql<CustomerContacts[]>`
    with found as materialized (
      select customer_id, name, phone, email from customers
       where ${isNamed(sql, q)} or customer_id ilike any(${patternsOf(q)}) or phone_digits = ${digits}
          or lower(email) = lower(${q.normalize('NFC')}))
    select * from found order by name collate "und-x-icu", customer_id limit ${limit}`;
}
