import { randomBytes } from 'node:crypto';
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { Sql } from '../../db/connect.js';
import { findAccountPayment } from '../../db/payment/accountPayments.js';
import { findShop } from '../../db/shops.js';
import { reserveIssue, reserveReplacement, type IssueReservation } from '../../db/payment/issueReservations.js';
import { canonicalJson } from '../../domain/payment/command.js';
import { newIssue, type Issuing } from '../../domain/payment/issue.js';
import { replacementExpiry, type Shop } from '../../domain/shop.js';
import { sha256 } from '../../domain/sha256.js';
import type { IssuedPayment, NotIssued, Replacing } from '../../workflows/activities.js';
import { startOfPayment } from '../../workflows/payment/start.js';

/** Issues a payment once, however often it is asked to: the reference is reserved under the command's id first. */
export async function issuePayment(
  client: Client,
  sql: Sql,
  issuing: Issuing,
  taskQueue: string,
): Promise<IssuedPayment> {
  const shop = await shopOf(sql, issuing);
  return begin(client, await reserveIssue(sql, proposalFor(issuing, shop)), taskQueue);
}

/**
 * Issues in the stead of a payment that has ended, no more than the sale still has of it: good for as long as the shop
 * sets, and frozen as what it replaces was.
 */
export async function replacePayment(
  client: Client,
  sql: Sql,
  { issuing, replaces, sale, keptMinor }: Replacing,
  taskQueue: string,
): Promise<IssuedPayment | NotIssued> {
  const shop = await shopOf(sql, issuing);
  const frozen = (await findAccountPayment(sql, replaces))?.frozenCauses ?? [];
  const expiresAt = replacementExpiry(shop, Date.now());
  const proposed = proposalFor({ ...issuing, expiresAt, ...(frozen.length > 0 && { frozen }) }, shop);
  const { amountMinor } = issuing;
  const reserved = await reserveReplacement(sql, { ...proposed, ...sale, replaces, amountMinor, keptMinor });
  if ('refundableMinor' in reserved) return { code: 'exceeds_refundable', ...reserved };
  return begin(client, reserved, taskQueue);
}

async function shopOf(sql: Sql, { by }: Pick<Issuing, 'by'>): Promise<Shop> {
  const shop = await findShop(sql, by.shopId);
  if (!shop) throw new Error('a command of a shop that the books do not know');
  return shop;
}

function proposalFor(issuing: Issuing, { timeZone }: Shop): IssueReservation {
  const issue = newIssue(issuing, Date.now(), timeZone, randomBytes(8));
  const { commandId, reference, issuedAt } = issue;
  return { commandId, bodyHash: sha256(canonicalJson(issuing)), issuedAt, notes: null, reference, issue };
}

async function begin(
  client: Client,
  { reference, issue }: IssueReservation,
  taskQueue: string,
): Promise<IssuedPayment> {
  try {
    await client.workflow.start('accountPayment', {
      taskQueue,
      ...startOfPayment(issue),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return { reference };
}
