import { randomBytes } from 'node:crypto';
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { onceCompared } from '../../db/booksCompared.js';
import type { Sql } from '../../db/connect.js';
import { findGift } from '../../db/gift/gifts.js';
import { findRulesOn } from '../../db/rules.js';
import { findShop } from '../../db/shops.js';
import { recordedRevisions } from '../../db/payment/accountPayments.js';
import type { Slots } from '../../db/slots.js';
import {
  findReservation,
  reserveIssue,
  reserveReplacement,
  type IssueReservation,
} from '../../db/payment/issueReservations.js';
import { giftWorkflowId, isAskedFor, whyNotGiven } from '../../domain/gift/gift.js';
import { canonicalJson } from '../../domain/payment/command.js';
import { newIssue, type Issuing } from '../../domain/payment/issue.js';
import type { RulesNumber } from '../../domain/payment/rules.js';
import { replacementExpiry, type Shop } from '../../domain/shop.js';
import { sha256 } from '../../domain/sha256.js';
import type { IssuedPayment, NotGiven, NotIssued, Replacing } from '../../workflows/activities.js';
import { startOfPayment } from '../../workflows/payment/start.js';
import { startedSince } from './startedSince.js';

type Issuer = { client: Client; sql: Sql; asking: Slots };

/** Together less than an activity's time. */
const [BOOKS_PATIENCE_MS, START_PATIENCE_MS] = [3_000, 3_000];

/**
 * Issues a payment as a gift, once, however often it is asked to: the reference is reserved under the command's id
 * first, and whether it may be given is decided with that. What nobody asked for is not issued.
 * @param workflowId of the gift that asks
 */
export async function issueGift(
  issuer: Issuer,
  issuing: Issuing,
  { workflowId, taskQueue }: { workflowId: string; taskQueue: string },
): Promise<IssuedPayment | NotGiven> {
  const { client, sql, asking } = issuer;
  const reserved = await onceCompared(sql, startedSince(client), () =>
    asking(BOOKS_PATIENCE_MS, () => reserveGift(sql, issuing, workflowId)),
  );
  return 'code' in reserved ? reserved : startReserved(issuer, reserved, taskQueue);
}

async function reserveGift(sql: Sql, issuing: Issuing, workflowId: string): Promise<IssueReservation | NotGiven> {
  const { funding } = issuing;
  const isItsOwn = funding.kind === 'gift' && workflowId === giftWorkflowId(funding.giftId);
  const asked = isItsOwn ? await findGift(sql, funding.giftId) : undefined;
  if (!isAskedFor(asked, issuing)) return { code: 'books_differ' };
  const before = await findReservation(sql, issuing.commandId);
  if (before) return before;
  const code = whyNotGiven(issuing, Date.now());
  return code ? { code } : reserveIssue(sql, proposalFor(issuing, await groundsOf(sql, issuing)));
}

/**
 * Issues in place of a payment that has ended, no more than the sale still has of it: good for as long as the shop
 * sets, and frozen as what it replaces was.
 */
export async function replacePayment(
  issuer: Issuer,
  replacing: Replacing,
  taskQueue: string,
): Promise<IssuedPayment | NotIssued> {
  const { client, sql, asking } = issuer;
  const reserved = await onceCompared(sql, startedSince(client), () =>
    asking(BOOKS_PATIENCE_MS, () => reserve(sql, replacing)),
  );
  if ('refundableMinor' in reserved) return { code: 'exceeds_refundable', ...reserved };
  return startReserved(issuer, reserved, taskQueue);
}

async function reserve(sql: Sql, { issuing, replaces, sale, keptMinor }: Replacing) {
  const grounds = await groundsOf(sql, issuing);
  const nowMs = Date.now();
  const expiresAt = replacementExpiry(grounds.shop, nowMs);
  const { commandId, amountMinor } = issuing;
  // Frozen as its source is when nothing can happen to that any more, and not as it was a moment before.
  return reserveReplacement(
    sql,
    { commandId, ...sale, replaces, amountMinor, keptMinor, nowMs },
    ({ frozenCauses: frozen }) => proposalFor({ ...issuing, expiresAt, ...(frozen.length > 0 && { frozen }) }, grounds),
  );
}

/** Where it is issued, and the rules that are switched on. */
type Grounds = { shop: Shop; rules: RulesNumber };

async function groundsOf(sql: Sql, { by }: Pick<Issuing, 'by'>): Promise<Grounds> {
  const [shop, rules] = await Promise.all([findShop(sql, by.shopId), findRulesOn(sql)]);
  if (!shop) throw new Error('a command of a shop that the books do not know');
  return { shop, rules };
}

function proposalFor(issuing: Issuing, { shop, rules }: Grounds): IssueReservation {
  const { calendar } = shop;
  const issue = newIssue(issuing, { nowMs: Date.now(), rules, calendar, random: randomBytes(8) });
  const { commandId, reference, issuedAt } = issue;
  return { commandId, bodyHash: sha256(canonicalJson(issuing)), issuedAt, notes: null, reference, issue };
}

/**
 * Starts what was reserved, or leaves it as it is. What is in the books was started, though Temporal may have forgotten
 * it since: a second life would have all of its money again.
 */
export async function startReserved(
  { client, sql, asking }: Issuer,
  { reference, issue }: IssueReservation,
  taskQueue: string,
): Promise<IssuedPayment> {
  const [booked] = await asking(BOOKS_PATIENCE_MS, () => recordedRevisions(sql, [reference]));
  if (booked) return { reference };
  try {
    await client.withDeadline(Date.now() + START_PATIENCE_MS, () =>
      client.workflow.start('accountPayment', { taskQueue, ...startOfPayment(issue) }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return { reference };
}
