import { randomBytes } from 'node:crypto';
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { Sql } from '../../db/connect.js';
import type { Slots } from '../../db/slots.js';
import { reserveIssue, reserveReplacement, type IssueReservation } from '../../db/payment/issueReservations.js';
import { canonicalJson } from '../../domain/payment/command.js';
import { newIssue, type Issuing } from '../../domain/payment/issue.js';
import { sha256 } from '../../domain/sha256.js';
import type { IssuedPayment, NotIssued } from '../../workflows/activities.js';
import { startOfPayment } from '../../workflows/payment/start.js';

type Shop = { taskQueue: string; timeZone: string };

type Issuer = { client: Client; sql: Sql; asking: Slots };

/** Together less than an activity's time. */
const [BOOKS_PATIENCE_MS, START_PATIENCE_MS] = [4_000, 4_000];

/** Issues a payment once, however often it is asked to: the reference is reserved under the command's id first. */
export async function issuePayment(
  { client, sql, asking }: Issuer,
  issuing: Issuing,
  shop: Shop,
): Promise<IssuedPayment> {
  const reserved = await asking(BOOKS_PATIENCE_MS, () => reserveIssue(sql, proposalFor(issuing, shop)));
  return begin(client, reserved, shop);
}

/** Issues in the stead of a payment that has ended, no more than the sale still has of it. */
export async function replacePayment(
  { client, sql, asking }: Issuer,
  issuing: Issuing,
  keptMinor: number,
  shop: Shop,
): Promise<IssuedPayment | NotIssued> {
  const { origin, amountMinor } = issuing;
  if (origin?.kind !== 'replacement') throw new Error('what is issued replaces nothing');
  const { saleId, replaces } = origin;
  const proposed = { ...proposalFor(issuing, shop), saleId, replaces, amountMinor, keptMinor };
  const reserved = await asking(BOOKS_PATIENCE_MS, () => reserveReplacement(sql, proposed));
  if ('refundableMinor' in reserved) return { code: 'exceeds_refundable', ...reserved };
  return begin(client, reserved, shop);
}

function proposalFor(issuing: Issuing, { timeZone }: Shop): IssueReservation {
  const issue = newIssue(issuing, Date.now(), timeZone, randomBytes(8));
  const { commandId, reference, issuedAt } = issue;
  return { commandId, bodyHash: sha256(canonicalJson(issuing)), issuedAt, notes: null, reference, issue };
}

async function begin(
  client: Client,
  { reference, issue }: IssueReservation,
  { taskQueue }: Shop,
): Promise<IssuedPayment> {
  try {
    await client.withDeadline(Date.now() + START_PATIENCE_MS, () =>
      client.workflow.start('accountPayment', { taskQueue, ...startOfPayment(issue) }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return { reference };
}
