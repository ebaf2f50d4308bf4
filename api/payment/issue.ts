import { randomBytes } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { findAccountPayment } from '../../db/payment/accountPayments.js';
import { findReservation, reserveIssue, type IssueReservation } from '../../db/payment/issueReservations.js';
import { within } from '../../db/outage.js';
import { view, type AccountPaymentView } from '../../domain/payment/payment.js';
import { canonicalJson, type Issue } from '../../domain/payment/command.js';
import { expiryOf, issued } from '../../domain/payment/issue.js';
import { hasPassed, instantOf, type Instant } from '../../domain/instants.js';
import { makeReference } from '../../domain/reference.js';
import { sha256 } from '../../domain/sha256.js';
import { allow, type Variables } from '../http/access.js';
import { createCalls, type App, type Parts } from '../http/calls.js';
import { keyedRequestOf, preferencesOf } from '../http/idempotency.js';
import { fault } from '../http/faults.js';
import { problem } from '../http/problems.js';
import {
  answers,
  commandHeaders,
  f,
  issuedSchema,
  json,
  linksOfPayment,
  otherwise,
  saysOnceHowLong,
} from './schemas.js';
import { shown } from './show.js';
import { NO_ACTOR } from '../../service/temporal.js';

const body = z
  .strictObject({
    customerId: f.customerId,
    type: z.enum(['generic', 'product_specific']),
    productId: f.productId.optional(),
    purpose: z.enum(['deposit', 'store_credit', 'prepayment', 'gift']),
    amountMinor: f.amountMinor,
    currency: f.currency,
    expiresAt: f.expiresAt.optional(),
    validThrough: f.validThrough.optional(),
    notes: f.notes,
    staffId: f.staffId,
  })
  .refine(...saysOnceHowLong)
  .openapi('Issue', {
    example: {
      customerId: 'C-1001',
      type: 'generic',
      purpose: 'deposit',
      amountMinor: 10_000,
      currency: 'EUR',
      expiresAt: '2030-12-31',
    },
  });

type Body = z.infer<typeof body>;

const route = createRoute({
  method: 'post',
  path: '/account-payments',
  operationId: 'issue',
  summary: 'Issue an account payment',
  middleware: [allow('manage')] as const,
  request: { headers: commandHeaders, body: json(body) },
  responses: {
    201: answers('Issued; Location names it', issuedSchema, linksOfPayment('/payment/reference')),
    ...otherwise,
  },
});

const PATIENCE_MS = 3_000;

export function issueCall(parts: Parts): App {
  return createCalls().openapi(route, async (c) => {
    const request = await keyedRequestOf(c);
    if (request === undefined) return problem(c, 'idempotency_key_required');
    const { standing } = await parts.requestKeys({ ...request, caller: c.get('caller').name, reference: null });
    const { requestId } = request;
    if (standing === 'another' && !(await within(PATIENCE_MS, findReservation(parts.sql, requestId))))
      return problem(c, 'command_id_reused');
    return issue(c, parts, requestId, c.req.valid('json'));
  });
}

/** Reserves the reference first and starts the actor under it, so that a repeat after a crash in between finds the same one. */
async function issue(c: Context<Variables>, parts: Parts, commandId: string, request: Body): Promise<Response> {
  const misfit = misfitOf(request);
  if (misfit) return problem(c, misfit, { errors: [fault(misfit, ['productId'])] });
  const bodyHash = sha256(canonicalJson(request));
  const before = await within(PATIENCE_MS, findReservation(parts.sql, commandId));
  const expiresAt = expiryOf(request, parts.shopTimeZone);
  if (!before && hasPassed(expiresAt, parts.now())) return problem(c, 'expires_at_in_past');

  const proposed = propose(c, parts, { commandId, bodyHash, request, expiresAt });
  const reservation = before ?? (await within(PATIENCE_MS, reserveIssue(parts.sql, proposed)));
  if (reservation.bodyHash !== bodyHash) return problem(c, 'command_id_reused');
  if (reservation.reference !== proposed.reference) c.header('Idempotent-Replayed', 'true');

  const payment = await started(parts, reservation.issue, before);
  const recorded = await parts.untilRecorded({ reference: payment.reference, commandId }, preferencesOf(c).waitMs);
  c.header('Location', `/v1/account-payments/${payment.reference}`);
  return c.json({ payment: shown(payment, parts), recorded }, 201);
}

/** The payment as it is now: at its very beginning, unless this is a repeat. */
async function started(
  parts: Parts,
  command: Issue,
  before: IssueReservation | undefined,
): Promise<AccountPaymentView> {
  if (before) {
    const row = await within(PATIENCE_MS, findAccountPayment(parts.sql, command.reference));
    if (row) {
      const { notes: _, ...recorded } = row;
      const live = await parts.actors.payment(command.reference);
      return live === NO_ACTOR ? recorded : live;
    }
  }
  await parts.actors.start(command);
  return view(issued(command).payment, parts.now());
}

function misfitOf({ type, productId }: Body): 'product_id_required' | 'product_id_not_allowed' | undefined {
  if (type === 'product_specific') return productId === undefined ? 'product_id_required' : undefined;
  return productId === undefined ? undefined : 'product_id_not_allowed';
}

type Proposing = { commandId: string; bodyHash: string; request: Body; expiresAt: Instant | null };

function propose(
  c: Context<Variables>,
  { now, shopTimeZone }: Parts,
  { commandId, bodyHash, request, expiresAt }: Proposing,
): IssueReservation {
  const { customerId, type, productId, purpose, amountMinor, currency, staffId, notes = null } = request;
  const issuedAt = instantOf(now());
  const reference = makeReference(Date.parse(issuedAt), shopTimeZone, randomBytes(8));
  const by = { caller: c.get('caller').name, ...(staffId !== undefined && { staffId }) };
  const scope =
    type === 'product_specific' && productId !== undefined ? { type, productId } : ({ type: 'generic' } as const);
  const terms = { reference, customerId, scope, purpose, amountMinor, currency, issuedAt, expiresAt };
  return { commandId, reference, bodyHash, issuedAt, notes, issue: { kind: 'issue', commandId, by, ...terms } };
}
