import { areAlike, spellingsOf } from '../../domain/nameWords.js';
import type { Sql } from '../connect.js';
import type { CustomerContacts } from './contacts.js';

/** How many names that hold the same words are looked at: with as few other words as there are. */
const MOST_LOOKED_AT = 200;

/** Other customers whose name, folded, has the same words: perhaps the same person. */
export async function lookAlikes(
  sql: Sql,
  { customerId, name }: Pick<CustomerContacts, 'customerId' | 'name'>,
  limit: number,
): Promise<CustomerContacts[]> {
  const spellings = spellingsOf(name).filter((words) => words.length > 0);
  if (spellings.length === 0) return [];
  // Letters and digits only, as in a search.
  const query = spellings.map((words) => `(${words.map((word) => `'${word}'`).join(' & ')})`).join(' | ');
  const rows = await sql<CustomerContacts[]>`
    select customer_id, name, phone, email from customers
     where name_words @@ ${query}::tsquery and customer_id <> ${customerId}
     order by length(name_words), customer_id limit ${MOST_LOOKED_AT}`;
  return rows.filter((other) => areAlike(name, other.name)).slice(0, limit);
}
