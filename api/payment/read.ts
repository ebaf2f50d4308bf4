import { createRoute, z } from '@hono/zod-openapi';
import { withLastDay } from '../../domain/payment/validity.js';
import { allow } from '../http/access.js';
import { createCalls, type App } from '../http/calls.js';
import type { Parts } from '../../service/parts.js';
import { changeNotes } from '../../service/payment/notes.js';
import { readPayment } from '../../service/payment/read.js';
import { problem } from '../http/problems.js';
import { answers, json, otherwiseOfWriting } from '../http/documents.js';
import { field, referenceParam } from '../http/requestFields.js';
import { linksOfPayment } from './links.js';
import { paymentReadSchema, paymentRowSchema } from './schemas.js';
import { readingRoute } from '../http/routes.js';

const readRoute = readingRoute({
  path: '/account-payments/{reference}',
  operationId: 'read',
  summary: 'Read a payment: from its workflow, or from the books when it has ended or cannot be reached',
  request: { params: referenceParam },
  answer: answers('It is there', paymentReadSchema, linksOfPayment('/reference')),
});

const notesRoute = createRoute({
  method: 'patch',
  path: '/account-payments/{reference}',
  operationId: 'changeNotes',
  summary: 'Change its notes, which no rule depends on',
  middleware: [allow('manage')] as const,
  request: {
    params: referenceParam,
    body: json(
      z.strictObject({ notes: field.notes }).openapi('Notes', { example: { notes: 'Collects the bike in May' } }),
    ),
  },
  responses: { 200: answers('Changed', paymentRowSchema), ...otherwiseOfWriting },
});

export function readCall(parts: Parts): App {
  return createCalls().openapi(readRoute, async (c) => {
    const payment = await readPayment(parts, c.req.valid('param').reference, c.get('caller').shop);
    return typeof payment === 'string' ? problem(c, payment) : c.json(payment, 200);
  });
}

export function notesCall(parts: Parts): App {
  return createCalls().openapi(notesRoute, async (c) => {
    const row = await changeNotes(parts, c.req.valid('param').reference, c.req.valid('json').notes ?? null);
    return row ? c.json(withLastDay(row, c.get('caller').shop), 200) : problem(c, 'payment_not_found');
  });
}
