import postgres from 'postgres';
import type { LawDecision } from '../../domain/law/decided.js';
import { termsOf } from '../../domain/payment/issue.js';
import type { Terms } from '../../domain/payment/payment.js';
import { canonicalJson } from '../../domain/payment/command.js';
import type { Batch } from '../../domain/payment/record.js';
import type { CommandRecord, Details } from '../../domain/payment/state.js';
import {
  addedAccountPayment,
  advance,
  advanceAccountPayment,
  insertAccountPayment,
  recordedRevisions,
} from './accountPayments.js';
import { asColumns, commandsAt, insertCommands, toCommandRow, type CommandRow } from './commands.js';
import type { Sql } from '../connect.js';
import { findReservationOf } from './issueReservations.js';
import { addKeys, type RequestKey } from '../requestKeys.js';
import { together } from '../slots.js';
import { insertMovements, movementsAt, toMovementRows, type MovementRow } from './movements.js';

/** The books cannot take what the actor decided. Nothing is overwritten. */
export class LedgerConflict extends Error {
  override readonly name = 'LedgerConflict';

  constructor(
    reference: string,
    /** They miss something that came before, or they say otherwise. */
    readonly books: 'behind' | 'differ',
    options?: ErrorOptions,
  ) {
    super(`${reference}: the books ${books === 'behind' ? 'miss what came before' : 'say otherwise'}`, options);
  }
}

/**
 * Writes down what the actor of this workflow decided. One that was started by hand, without a reservation or under
 * another id, serves nobody.
 * @param by the workflow that brings it, and its run
 * @returns as `recordBatch`
 * @throws LedgerConflict as `recordBatch`, and when the reservation says otherwise
 */
export async function recordReserved(
  sql: Sql,
  batch: Batch,
  { workflowId, runId }: { workflowId: string; runId: string },
): Promise<number> {
  const { terms, records } = batch;
  if (workflowId !== terms.reference) throw new LedgerConflict(terms.reference, 'differ');
  if (records[0]?.kind === 'issue') {
    const reserved = await findReservationOf(sql, terms.reference);
    if (!reserved) throw new LedgerConflict(terms.reference, 'differ');
    assertSame(terms.reference, [terms], [termsOf(reserved.issue)]);
  }
  return recordBatch(sql, batch, runId);
}

/**
 * Writes down what one payment decided, all of it or nothing. Brought a second time it changes nothing.
 * @param runId the run of its actor that brings it
 * @returns how many of its keys stand for other requests: two were made of one while Postgres was away
 * @throws LedgerConflict when a row is there already and differs, or when any constraint forbids it
 */
export async function recordBatch(sql: Sql, { terms, records }: Batch, runId: string): Promise<number> {
  const [first, last] = [records[0], records.at(-1)];
  if (!first || !last) return 0;
  const rows = { commands: records.map(toCommandRow), movements: records.flatMap(toMovementRows) };
  const batch: Rows = { first, last, runId, ...rows };
  const [, reused] = await together([write(sql, terms, batch), addKeys(sql, keysOf(terms.reference, records))]);
  return reused;
}

async function write(sql: Sql, terms: Terms, batch: Rows): Promise<void> {
  const { first } = batch;
  try {
    if (!(await addNew(sql, terms, batch))) await addMissing(sql, terms, batch);
  } catch (error) {
    if (!isConstraintViolation(error)) throw error;
    const [row] = await recordedRevisions(sql, [terms.reference]);
    const books = (row?.revision ?? 0) < first.revision - 1 ? 'behind' : 'differ';
    throw new LedgerConflict(terms.reference, books, { cause: error });
  }
}

function keysOf(reference: string, records: readonly CommandRecord[]): RequestKey[] {
  return records.flatMap(({ commandId, requestId = commandId, requestHash, by: { caller } }) =>
    requestHash === undefined ? [] : [{ requestId, caller, requestHash, reference }],
  );
}

/** Class 23 of PostgreSQL's appendix A; the triggers of the books speak in it too. */
function isConstraintViolation(error: unknown): boolean {
  return error instanceof postgres.PostgresError && error.code.startsWith('23');
}

type Rows = {
  first: CommandRecord;
  last: CommandRecord;
  runId: string;
  commands: CommandRow[];
  movements: MovementRow[];
};

/** The usual case, in one round trip: all of it is new. Writes nothing, and says so, when some of it is not. */
async function addNew(sql: Sql, terms: Terms, { first, last, runId, commands, movements }: Rows): Promise<boolean> {
  const { reference } = terms;
  const moved = movements.map((row) => ({ reference, ...row }));
  try {
    await sql`
      with decided as (insert into commands ${sql(commands.map((row) => asColumns(sql, reference, runId, row)))})
      ${moved.length === 0 ? sql`` : sql`, moved as (insert into movements ${sql(moved)})`}
      ${first.kind === 'issue' ? sql`, ${addedAccountPayment(sql, terms, last)} select` : advance(sql, reference, last)}`;
    return true;
  } catch (error) {
    if (error instanceof postgres.PostgresError && error.code === UNIQUE_VIOLATION) return false;
    throw error;
  }
}

const UNIQUE_VIOLATION = '23505';

/** Adds the rows that are missing, and compares the others with what was brought. */
async function addMissing(sql: Sql, terms: Terms, { first, last, runId, commands, movements }: Rows): Promise<void> {
  const { reference } = terms;
  await sql.begin(async (transaction) => {
    const tx = transaction as unknown as Sql;
    // Sent together: on one connection they run in this order, and the round trips are one.
    const [, newCommands, newMovements] = await Promise.all([
      first.kind === 'issue' ? insertAccountPayment(tx, terms, first) : undefined,
      insertCommands(tx, reference, runId, commands),
      insertMovements(tx, reference, movements),
      advanceAccountPayment(tx, reference, last),
    ]);
    if (newCommands === commands.length && newMovements === movements.length) return;
    const revisions = commands.map(({ revision }) => revision);
    const sequences = movements.map(({ sequence }) => sequence);
    const found = [await commandsAt(tx, reference, revisions), await movementsAt(tx, reference, sequences)] as const;
    assertSame(reference, commands.map(withoutErased(found[0])), found[0]);
    assertSame(reference, movements.map(withoutErased(found[1])), found[1]);
    // An actor records one batch after the other: one that knows less than the books was reset, or lives twice.
    const [row] = await recordedRevisions(tx, [reference]);
    if ((row?.revision ?? 0) > last.revision) throw new LedgerConflict(reference, 'differ');
  });
}

/**
 * What was erased since in the books is no difference: they have the hash of the whole command still, which is compared
 * as all else is.
 */
function withoutErased<Row extends CommandRow | MovementRow>(found: readonly Row[]) {
  return (brought: Row, i: number): Row => {
    const there = found[i];
    if (!there) return brought;
    if (!('details' in brought) || !('details' in there))
      return 'reason' in there && there.reason ? brought : { ...brought, reason: null };
    return { ...brought, details: lessErased(brought.details, there.details) };
  };
}

/** Why it was asked, and why it was done against a law: each may have been erased. */
function lessErased({ reason, law, ...details }: Details, there: Details): Details {
  const { reason: because, ...rest } = (law ?? {}) as Partial<LawDecision>;
  const lawThere = there['law'] as LawDecision | undefined;
  const isTold = lawThere?.reason !== undefined && because !== undefined;
  return {
    ...details,
    ...(reason !== undefined && there['reason'] !== undefined && { reason }),
    ...(law !== undefined && { law: isTold ? law : rest }),
  };
}

function assertSame(reference: string, brought: readonly object[], found: readonly object[]): void {
  if (canonicalJson(brought) === canonicalJson(found)) return;
  throw new LedgerConflict(reference, 'differ');
}
