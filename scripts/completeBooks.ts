import type { Client } from '@temporalio/client';
import { findDifferences } from '../activities/reconciliation/reconcile.js';
import { readIssue } from '../activities/reconciliation/readTold.js';
import { noteCompared } from '../db/booksCompared.js';
import type { Sql } from '../db/connect.js';
import { isKeyOfAnother, putBackReservation } from '../db/payment/issueReservations.js';
import { LedgerConflict } from '../db/payment/record.js';
import { withoutReservation, withoutRow } from '../db/reconciliation/references.js';
import { cureOf, type Difference } from '../domain/reconciliation/difference.js';
import { completeGifts } from './completeGifts.js';
import { completeSales } from './completeSales.js';
import { rerecordPayment } from './rerecordPayment.js';

type Parts = { client: Client; sql: Sql; onPage?: () => void };

export type Completed = {
  /** Commands that were brought, of so many payments, and reservations that were put back. */
  readonly commands: number;
  readonly payments: number;
  readonly reservations: number;
  /** What sales had answered, fees that were kept of ended payments, and outcomes of gifts. */
  readonly answers: number;
  readonly fees: number;
  readonly gifts: number;
  /** Payments, and sales, that could not be completed: a person has to look. */
  readonly left: readonly string[];
  /** Those of them that the books had, and that nobody is promised now: their keys would issue the same money again. */
  readonly unpromised: readonly string[];
  /** Whether references are promised from now on. */
  readonly issuing: 'open' | 'shut';
};

/**
 * Completes books that were put back to an earlier time, from the workflows' histories: every command that they had
 * said to have, then every promise of a payment that they have by then, and what sales and gifts had them told. After
 * it references are promised again, unless one that they had is not.
 * @param opens `anyway`: a person takes it upon themselves that no key of what is left comes again
 */
export async function completeBooks(
  parts: Parts,
  opens: 'once_complete' | 'anyway' = 'once_complete',
): Promise<Completed> {
  const { sql } = parts;
  const { found } = await findDifferences(
    { ...parts, lookedAtAgainAfterMs: 0, pageAtMostEveryMs: 0 },
    { scope: 'all' },
  );
  const lost = referencesOf(found, 'rerecord');
  const { commands, left } = await bringAll(parts, lost);
  const unreserved = [...(await withoutReservation(sql, [...new Set([...referencesOf(found, 'put_back'), ...lost])]))];
  const notInBooks = new Set(await withoutRow(sql, unreserved));
  for (const reference of unreserved.filter((each) => !notInBooks.has(each))) await vouchFor(parts, reference);
  const still = await withoutReservation(sql, unreserved);
  const hadThem = new Set(lost);
  const unpromised = [...still].filter((each) => hadThem.has(each) || !notInBooks.has(each)).sort();
  // Before anything is issued in place of what ended: what was kept as a fee of that is not given back.
  const sales = await completeSales(parts);
  const gifts = await completeGifts(parts);
  const issuing = unpromised.length === 0 || opens === 'anyway' ? 'open' : 'shut';
  if (issuing === 'open') await noteCompared(sql);
  return {
    commands,
    payments: lost.length - left.length,
    reservations: unreserved.length - still.size,
    answers: sales.answers,
    fees: sales.fees,
    gifts,
    left: [...new Set([...left, ...still, ...sales.left])].sort(),
    unpromised,
    issuing,
  };
}

function referencesOf(found: readonly Difference[], cure: 'rerecord' | 'put_back'): string[] {
  return [...new Set(found.filter(({ kind }) => cureOf[kind] === cure).map(({ reference }) => reference))].sort();
}

/** What a return issued in another's place follows that one: whatever could not be brought is tried until none can. */
async function bringAll(parts: Parts, lost: readonly string[]): Promise<{ commands: number; left: readonly string[] }> {
  let [commands, left] = [0, lost];
  for (;;) {
    const failed: string[] = [];
    for (const reference of left) {
      const brought = await bring(parts, reference);
      if (brought === 'differ') failed.push(reference);
      else commands += brought;
    }
    const isStuck = failed.length === left.length;
    left = failed;
    if (isStuck || left.length === 0) return { commands, left };
  }
}

async function bring(parts: Parts, reference: string): Promise<number | 'differ'> {
  const issue = await readIssue(parts.client, reference);
  if (issue && (await isKeyOfAnother(parts.sql, issue))) return 'differ';
  try {
    return await rerecordPayment(parts, reference);
  } catch (error) {
    if (error instanceof LedgerConflict) return 'differ';
    throw error;
  }
}

/** What became of a promise; `another's` when its key was used for another payment meanwhile. */
export type Vouched = 'put back' | 'there' | 'unknown' | "another's";

/**
 * Promises a payment once more that an operator vouches for, though the books never had it: a workflow that somebody
 * started by hand looks the same.
 */
async function vouchFor({ client, sql }: Parts, reference: string): Promise<Vouched> {
  const issue = await readIssue(client, reference);
  if (!issue) return 'unknown';
  if (await isKeyOfAnother(sql, issue)) return "another's";
  return (await putBackReservation(sql, issue)) ? 'put back' : 'there';
}

/** Brings the books of a payment what they miss: the promise first, and nothing when its key is another payment's. */
export async function bringBack(
  parts: Parts,
  reference: string,
): Promise<{ readonly reservation: Vouched; readonly commands: number }> {
  const reservation = await vouchFor(parts, reference);
  const commands = reservation === "another's" ? 0 : await rerecordPayment(parts, reference);
  return { reservation, commands };
}
