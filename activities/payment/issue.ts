import { randomBytes } from 'node:crypto';
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { Sql } from '../../db/connect.js';
import { reserveIssue } from '../../db/payment/issueReservations.js';
import { canonicalJson, type Issue } from '../../domain/payment/command.js';
import { instantOf } from '../../domain/instants.js';
import { makeReference } from '../../domain/reference.js';
import { sha256 } from '../../domain/sha256.js';
import { startOfPayment } from '../../workflows/payment/start.js';

/** What is issued, but for what only its reservation tells. */
export type Issuing = Omit<Issue, 'kind' | 'reference' | 'issuedAt'>;

export type IssuedPayment = { readonly reference: string };

/** Issues a payment once, however often it is asked to: the reference is reserved under the command's id first. */
export async function issuePayment(
  client: Client,
  sql: Sql,
  issuing: Issuing,
  shop: { taskQueue: string; timeZone: string },
): Promise<IssuedPayment> {
  const nowMs = Date.now();
  const { commandId } = issuing;
  const { reference, issuedAt } = await reserveIssue(sql, {
    ...{ commandId, bodyHash: sha256(canonicalJson(issuing)), issuedAt: instantOf(nowMs), notes: null },
    reference: makeReference(nowMs, shop.timeZone, randomBytes(8)),
  });
  try {
    await client.workflow.start('accountPayment', {
      taskQueue: shop.taskQueue,
      ...startOfPayment({ kind: 'issue', ...issuing, reference, issuedAt }),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return { reference };
}
