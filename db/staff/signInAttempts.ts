import type { Instant } from '../../domain/instants.js';
import type { Tries } from '../../domain/staff.js';
import type { Sql } from '../connect.js';

/** Whose password is tried. */
export type Tried = {
  /** Empty for what can be nobody's. */
  readonly username: string;
  /** What stands for a name that nobody has. */
  readonly hashed: string;
};

type Rule = {
  readonly now: Instant;
  /** Counts that were not raised since then have ended. */
  readonly since: Instant;
  readonly most: number;
};

/** Raises the count, however many do so at once; without `tries` when it is at its most and stays there. */
export async function raiseTries(
  sql: Sql,
  { username, hashed }: Tried,
  { now, since, most }: Rule,
): Promise<{ tried: string; tries?: number }> {
  const key = sql`coalesce((select id from staff.members where id = ${username}), ${hashed})`;
  const [raised] = await sql<{ tried: string; tries: number }[]>`
    insert into staff.sign_in_attempts as known (tried, tries, last_tried_at) select ${key}, 1, ${now}
        on conflict (tried) do update
        set tries = case when known.last_tried_at <= ${since} then 1 else known.tries + 1 end,
            last_tried_at = greatest(known.last_tried_at, excluded.last_tried_at)
        where known.last_tried_at <= ${since} or known.tries < ${most}
    returning tried, tries`;
  if (raised) return raised;
  const [row] = await sql<{ tried: string }[]>`select ${key} as tried`;
  return { tried: row?.tried ?? hashed };
}

export async function findTries(sql: Sql, tried: string): Promise<Tries | undefined> {
  const [row] = await sql<Tries[]>`select tries, last_tried_at from staff.sign_in_attempts where tried = ${tried}`;
  return row;
}

/** Returns whether there were any. */
export async function forgetTries(sql: Sql, tried: string): Promise<boolean> {
  const { count } = await sql`delete from staff.sign_in_attempts where tried = ${tried}`;
  return count > 0;
}

/** A few at a time, by whoever comes: what has ended counts no more. */
export async function forgetOldTries(sql: Sql, since: Instant): Promise<void> {
  await sql`
    delete from staff.sign_in_attempts
     where tried in (select tried from staff.sign_in_attempts where last_tried_at <= ${since}
                      order by last_tried_at limit 100 for update skip locked)`;
}
