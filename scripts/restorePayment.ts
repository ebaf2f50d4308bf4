import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { Sql } from '../db/connect.js';
import { findBooked } from '../db/payment/booked.js';
import { findRulesOn } from '../db/rules.js';
import type { Issue } from '../domain/payment/command.js';
import { InvariantBroken } from '../domain/payment/invariants.js';
import { balanceOf, isOver } from '../domain/payment/payment.js';
import { restore } from '../domain/payment/restore.js';
import { toPlain } from '../domain/payment/state.js';
import { startOfPayment, type AccountPaymentInput } from '../workflows/payment/start.js';

export type Restored = 'restored' | 'still running' | 'ended' | 'not in the books';

type Parts = { readonly client: Client; readonly sql: Sql; readonly taskQueue: string };

/** What a payment's actor would begin with, or why it does not need one. */
export type Restorable =
  | { readonly books: 'there'; readonly issue: Issue; readonly input: AccountPaymentInput }
  | { readonly books: 'ended' | 'not in the books' };

/**
 * What the books make of a payment. What its old actor had decided and not recorded is lost: `rerecord` brings it
 * first, where a history still has it. It decides by the rules that are switched on, which it would have been told to
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
  const input: AccountPaymentInput = { origin: 'continued', state: toPlain(state), waiting: [] };
  return { books: 'there', issue: booked.issue, input };
}

/** Starts a payment's actor again from its books, in place of one that was terminated. */
export async function restorePayment(parts: Parts, reference: string): Promise<Restored> {
  return startRestored(parts, await readRestorable(parts.sql, reference));
}

export async function startRestored(
  { client, taskQueue }: Pick<Parts, 'client' | 'taskQueue'>,
  restorable: Restorable,
): Promise<Restored> {
  if (restorable.books !== 'there') return restorable.books;
  try {
    await client.workflow.start('accountPayment', {
      ...startOfPayment(restorable.issue),
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
