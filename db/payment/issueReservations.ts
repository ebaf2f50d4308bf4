import type { Sql } from '../connect.js';

export type IssueReservation = {
  commandId: string;
  reference: string;
  bodyHash: string;
  issuedAt: string;
  notes: string | null;
};

/** Promises a reference to a caller's key, or returns the promise that was made to it before. */
export async function reserveIssue(sql: Sql, proposed: IssueReservation): Promise<IssueReservation> {
  // A conflicting insert waits for the other transaction, so the second statement finds its row.
  const [reserved] = await sql<IssueReservation[]>`
    insert into issue_reservations ${sql(proposed)} on conflict (command_id) do nothing returning *`;
  return reserved ?? (await findReservation(sql, proposed.commandId)) ?? fail();
}

export async function findReservation(sql: Sql, commandId: string): Promise<IssueReservation | undefined> {
  const [row] = await sql<IssueReservation[]>`select * from issue_reservations where command_id = ${commandId}`;
  return row;
}

function fail(): never {
  throw new Error('A reservation that was in the way is gone.');
}
