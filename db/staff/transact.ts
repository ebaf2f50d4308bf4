import type { Sql } from '../connect.js';

/** What is done with `tx` is done together or not at all. */
export async function transact<T>(sql: Sql, work: (tx: Sql) => Promise<T>): Promise<T> {
  const done: { answer?: T } = {};
  await sql.begin(async (transaction) => {
    done.answer = await work(transaction as unknown as Sql);
  });
  return done.answer as T;
}
