import type { Client } from '@temporalio/client';
import { findDifferences } from '../activities/reconciliation/reconcile.js';
import { readIssue } from '../activities/reconciliation/readTold.js';
import { noteCompared } from '../db/booksCompared.js';
import type { Sql } from '../db/connect.js';
import { putBackReservation } from '../db/payment/issueReservations.js';
import { LedgerConflict } from '../db/payment/record.js';
import { cureOf, type Difference } from '../domain/reconciliation/difference.js';
import { rerecordPayment } from './rerecordPayment.js';

type Parts = { client: Client; sql: Sql; onPage?: () => void };

export type Completed = {
  /** Commands that were brought, of so many payments, and reservations that were put back. */
  readonly commands: number;
  readonly payments: number;
  readonly reservations: number;
  /** Payments that could not be completed: a person has to look. */
  readonly left: readonly string[];
};

/**
 * Completes books that were put back to an earlier time, from the workflows' histories: every command that they had
 * said to have, then every promise of a payment that they have by then. After it references are promised again.
 */
export async function completeBooks(parts: Parts): Promise<Completed> {
  const { client, sql } = parts;
  const { found } = await findDifferences(
    { ...parts, lookedAtAgainAfterMs: 0, pageAtMostEveryMs: 0 },
    { scope: 'all' },
  );
  const lost = referencesOf(found, 'rerecord');
  let commands = 0;
  let left = lost;
  // What a return issued in another's place follows that one: whatever could not be brought is tried once more.
  for (let tries = 0; tries < 2 && left.length > 0; tries++) {
    const failed: string[] = [];
    for (const reference of left) {
      const brought = await bring(parts, reference);
      if (brought === 'differ') failed.push(reference);
      else commands += brought;
    }
    left = failed;
  }
  let reservations = 0;
  const unpromised: string[] = [];
  for (const reference of new Set([...referencesOf(found, 'put_back'), ...lost])) {
    const issue = await readIssue(client, reference);
    const isInBooks = (await sql`select from account_payments where reference = ${reference}`).length === 1;
    if (issue && isInBooks) reservations += (await putBackReservation(sql, issue)) ? 1 : 0;
    else unpromised.push(reference);
  }
  await noteCompared(sql);
  return { commands, payments: lost.length - left.length, reservations, left: [...new Set([...left, ...unpromised])] };
}

function referencesOf(found: readonly Difference[], cure: 'rerecord' | 'put_back'): string[] {
  return [...new Set(found.filter(({ kind }) => cureOf[kind] === cure).map(({ reference }) => reference))].sort();
}

async function bring(parts: Parts, reference: string): Promise<number | 'differ'> {
  try {
    return await rerecordPayment(parts, reference);
  } catch (error) {
    if (error instanceof LedgerConflict) return 'differ';
    throw error;
  }
}

/**
 * Promises a payment once more that an operator vouches for, though the books never had it: a workflow that somebody
 * started by hand looks the same.
 */
export async function vouchFor({ client, sql }: Parts, reference: string): Promise<'put back' | 'there' | 'unknown'> {
  const issue = await readIssue(client, reference);
  if (!issue) return 'unknown';
  return (await putBackReservation(sql, issue)) ? 'put back' : 'there';
}
