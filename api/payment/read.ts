import { createRoute, z } from '@hono/zod-openapi';
import { findAccountPayment, setNotes, type AccountPaymentRow } from '../../db/payment/accountPayments.js';
import { isRecordsOutage, within } from '../../db/outage.js';
import { findReservationOf } from '../../db/payment/issueReservations.js';
import { issued } from '../../domain/payment/issue.js';
import { view } from '../../domain/payment/payment.js';
import { shown } from './show.js';
import { isReference } from '../../domain/reference.js';
import { allow } from '../http/access.js';
import type { Actors } from '../../service/actors.js';
import { createCalls, type App, type Parts } from '../http/calls.js';
import { problem } from '../http/problems.js';
import {
  answers,
  f,
  json,
  linksOfPayment,
  otherwise,
  paymentReadSchema,
  paymentRowSchema,
  referenceParam,
} from './schemas.js';
import { ActorsUnavailable, NO_ACTOR } from '../../service/temporal.js';

const readRoute = createRoute({
  method: 'get',
  path: '/account-payments/{reference}',
  operationId: 'read',
  summary: 'Read one: from its actor, or from the records when it has ended or cannot be reached',
  middleware: [allow('read')] as const,
  request: { params: referenceParam },
  responses: { 200: answers('It is there', paymentReadSchema, linksOfPayment('/reference')), ...otherwise },
});

const notesRoute = createRoute({
  method: 'patch',
  path: '/account-payments/{reference}',
  operationId: 'changeNotes',
  summary: 'Change its notes, which no rule depends on',
  middleware: [allow('manage')] as const,
  request: {
    params: referenceParam,
    body: json(z.strictObject({ notes: f.notes }).openapi('Notes', { example: { notes: 'Collects the bike in May' } })),
  },
  responses: { 200: answers('Changed', paymentRowSchema), ...otherwise },
});

const PATIENCE_MS = 2_000;

export function readCall(parts: Parts): App {
  return createCalls().openapi(readRoute, async (c) => {
    const { reference } = c.req.valid('param');
    if (!isReference(reference)) return problem(c, 'payment_not_found');
    const [payment, row] = await Promise.all([live(parts.actors, reference), rowIfReachable(parts, reference)]);
    if (payment !== undefined) {
      return c.json(
        {
          ...shown(payment, parts),
          ...(row !== 'unreachable' && { notes: row?.notes ?? null }),
          source: 'actor' as const,
        },
        200,
      );
    }
    if (row === 'unreachable') return problem(c, 'records_unavailable');
    if (row) return c.json({ ...shown(row, parts), source: 'records' as const }, 200);
    const reserved = await within(PATIENCE_MS, findReservationOf(parts.sql, reference));
    if (!reserved) return problem(c, 'payment_not_found');
    const { issue, notes } = reserved;
    return c.json(
      { ...shown(view(issued(issue).payment, parts.now()), parts), notes, source: 'reservation' as const },
      200,
    );
  });
}

export function notesCall(parts: Parts): App {
  return createCalls().openapi(notesRoute, async (c) => {
    const { reference } = c.req.valid('param');
    const row = isReference(reference)
      ? await within(PATIENCE_MS, setNotes(parts.sql, reference, c.req.valid('json').notes ?? null))
      : undefined;
    return row ? c.json(shown(row, parts), 200) : problem(c, 'payment_not_found');
  });
}

/** What its actor says, when there is one and it can be reached. */
export async function live(actors: Actors, reference: string) {
  try {
    const payment = await actors.payment(reference);
    return payment === NO_ACTOR ? undefined : payment;
  } catch (error) {
    if (error instanceof ActorsUnavailable) return undefined;
    throw error;
  }
}

async function rowIfReachable(
  { sql }: Parts,
  reference: string,
): Promise<AccountPaymentRow | undefined | 'unreachable'> {
  try {
    return await within(PATIENCE_MS, findAccountPayment(sql, reference));
  } catch (error) {
    if (isRecordsOutage(error)) return 'unreachable';
    throw error;
  }
}
