import postgres from 'postgres';
import { instantOf, type Instant } from '../domain/instants.js';
import type { Sql } from './connect.js';
import { RecordsUnavailable } from './outage.js';
import { withoutReservation } from './reconciliation/references.js';

/** The books know less than Temporal: they were put back, and an operator has to complete them. */
export class BooksPutBack extends RecordsUnavailable {}

/** Which payments' workflows were started after this instant. */
export type StartedSince = (at: Instant) => Promise<readonly string[]>;

/** How far the clocks of those who promise and those who start may be apart. */
const CLOCKS_APART_MS = 15 * 60 * 1000;

/**
 * Promises a reference. The first promise after Postgres was started waits for a look at Temporal: whatever was started
 * since the newest promise has to have been promised.
 * @throws BooksPutBack when the books have lost one
 */
export async function onceCompared<Promised>(
  sql: Sql,
  startedSince: StartedSince,
  promise: () => Promise<Promised>,
): Promise<Promised> {
  try {
    return await promise();
  } catch (error) {
    if (!isNotCompared(error)) throw error;
  }
  await compareBooks(sql, startedSince);
  return promise();
}

/**
 * The same look before what stands for good once it is written down, and would tell less than was so.
 * @throws BooksPutBack when the books have lost a promise
 */
export async function seeThatCompared(sql: Sql, startedSince: StartedSince): Promise<void> {
  if ((await standingOfBooks(sql)) === 'not_compared') await compareBooks(sql, startedSince);
}

/** Whether somebody has compared these books with Temporal since Postgres was started. */
export async function standingOfBooks(sql: Sql): Promise<'compared' | 'not_compared'> {
  const done = await sql`select from books_compared where server = books_server()`;
  return done.length === 0 ? 'not_compared' : 'compared';
}

async function compareBooks(sql: Sql, startedSince: StartedSince): Promise<void> {
  const newest = await newestPromise(sql);
  const started = await startedSince(instantOf(Date.parse(newest) - CLOCKS_APART_MS));
  if ((await withoutReservation(sql, started)).size > 0) throw new BooksPutBack('the books were put back');
  await noteCompared(sql);
}

/** From now on, until the server is started again, references are promised. */
export async function noteCompared(sql: Sql): Promise<void> {
  await sql`insert into books_compared (server) values (books_server()) on conflict do nothing`;
}

function isNotCompared(error: unknown): boolean {
  return error instanceof postgres.PostgresError && error.code === 'APB01';
}

async function newestPromise(sql: Sql): Promise<Instant> {
  const [row] = await sql<{ at: Instant }[]>`
    select coalesce(max(issued_at), '2000-01-01Z'::timestamptz) as at from issue_reservations`;
  return row?.at ?? instantOf(0);
}
