import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { Sql } from '../db/connect.js';
import { findBooked } from '../db/payment/booked.js';
import { findRulesOn } from '../db/rules.js';
import { isOver } from '../domain/payment/payment.js';
import { restore } from '../domain/payment/restore.js';
import { toPlain } from '../domain/payment/state.js';
import { startOfPayment, type AccountPaymentInput } from '../workflows/payment/start.js';

export type Restored = 'restored' | 'still running' | 'ended' | 'not in the books';

/**
 * Starts a payment's actor again from its books, in place of one that was terminated. What the old one had decided and
 * not recorded is lost: `rerecord` brings it first, where a history still has it. It decides
 * by the rules that are switched on, which it would have been told to adopt.
 */
export async function restorePayment(
  { client, sql, taskQueue }: { client: Client; sql: Sql; taskQueue: string },
  reference: string,
): Promise<Restored> {
  const booked = await findBooked(sql, reference);
  if (!booked) return 'not in the books';
  const state = { ...restore(booked.issue, booked.commands, booked.issueHash), rules: await findRulesOn(sql) };
  if (isOver(state.payment, Date.now())) return 'ended';
  const input: AccountPaymentInput = { origin: 'continued', state: toPlain(state), waiting: [] };
  try {
    await client.workflow.start('accountPayment', {
      ...startOfPayment(booked.issue),
      taskQueue,
      args: [input],
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    });
    return 'restored';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'still running';
    throw error;
  }
}
