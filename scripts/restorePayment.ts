import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { startedSince } from '../activities/payment/startedSince.js';
import { readLastRun } from '../activities/reconciliation/readTold.js';
import { seeThatCompared } from '../db/booksCompared.js';
import type { Sql } from '../db/connect.js';
import { findBooked } from '../db/payment/booked.js';
import { findRulesOn } from '../db/rules.js';
import type { Issue } from '../domain/payment/command.js';
import { InvariantBroken } from '../domain/payment/invariants.js';
import { balanceOf, isOver } from '../domain/payment/payment.js';
import { restore } from '../domain/payment/restore.js';
import { toPlain } from '../domain/payment/state.js';
import { lostBy, type Lost } from '../domain/reconciliation/lost.js';
import { searchAttributesOf } from '../workflows/searchAttributes.js';
import { startOfPayment, type AccountPaymentInput } from '../workflows/payment/start.js';

/** What came of it; of the last three its history knows more than its books, and nothing is started. */
export type Restored =
  'restored' | 'still running' | 'ended' | 'not in the books' | 'rerecord first' | 'reset first' | 'ended by itself';

export type RestoringParts = { readonly client: Client; readonly sql: Sql; readonly taskQueue: string };

/** What a payment's actor would begin with, or why it does not need one. */
export type Restorable =
  | {
      readonly books: 'there';
      readonly issue: Issue;
      readonly input: Extract<AccountPaymentInput, { origin: 'continued' }>;
      readonly commandIds: ReadonlySet<string>;
    }
  | { readonly books: 'ended' | 'not in the books' };

/**
 * What the books make of a payment. It decides by the rules that are switched on, which it would have been told to
 * adopt.
 * @throws InvariantBroken when the books do not follow from each other
 */
export async function readRestorable(sql: Sql, reference: string): Promise<Restorable> {
  const booked = await findBooked(sql, reference);
  if (!booked) return { books: 'not in the books' };
  const state = { ...restore(booked.issue, booked.commands, booked.issueHash), rules: await findRulesOn(sql) };
  const { revision, balanceMinor } = booked.row;
  if (state.payment.revision !== revision) throw new InvariantBroken('the row stands at the last of its commands');
  if (isOver(state.payment, Date.now())) return { books: 'ended' };
  if (balanceOf(state.payment) !== balanceMinor) throw new InvariantBroken('the row has what its commands leave');
  const input = { origin: 'continued' as const, state: toPlain(state), waiting: [] };
  const commandIds = new Set([booked.issue, ...booked.commands].map(({ commandId }) => commandId));
  return { books: 'there', issue: booked.issue, input, commandIds };
}

/** Whether what its history knows beyond the books is in the way, or a person takes it upon themselves to lose it. */
export type Losing = 'nothing' | 'what_was_not_recorded';

/**
 * Starts a payment's actor again from its books, in place of one that was terminated. Where the old one's history
 * knows of more than the books, money that is spent would be there again: then it says what to do first.
 * @throws BooksPutBack when the books have lost a promise
 */
export async function restorePayment(
  parts: RestoringParts,
  reference: string,
  losing: Losing = 'nothing',
): Promise<Restored> {
  const { client, sql } = parts;
  await seeThatCompared(sql, startedSince(client));
  const restorable = await readRestorable(sql, reference);
  const refused = restorable.books === 'there' ? refusalOf(await lostOf(client, restorable), losing) : undefined;
  return refused ?? startRestored(parts, restorable);
}

async function lostOf(client: Client, restorable: Restorable & { books: 'there' }): Promise<Lost> {
  const { issue, input, commandIds } = restorable;
  const last = await readLastRun(client, issue.reference);
  return last ? lostBy(last, { revision: input.state.payment.revision, commandIds }) : 'nothing';
}

function refusalOf(lost: Lost, losing: Losing): Restored | undefined {
  if (lost === 'ended') return 'ended by itself';
  if (lost === 'nothing' || losing === 'what_was_not_recorded') return undefined;
  return lost === 'recorded' ? 'rerecord first' : 'reset first';
}

export async function startRestored(
  { client, taskQueue }: Pick<RestoringParts, 'client' | 'taskQueue'>,
  restorable: Restorable,
): Promise<Restored> {
  if (restorable.books !== 'there') return restorable.books;
  try {
    await client.workflow.start('accountPayment', {
      ...startOfPayment(restorable.issue),
      typedSearchAttributes: searchAttributesOf(restorable.input.state.payment),
      taskQueue,
      args: [restorable.input],
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    });
    return 'restored';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'still running';
    throw error;
  }
}
