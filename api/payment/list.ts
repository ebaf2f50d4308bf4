import { z } from '@hono/zod-openapi';
import { listAccountPayments } from '../../db/payment/accountPayments.js';
import { within } from '../../db/outage.js';
import { purposes, types } from '../../domain/payment/command.js';
import { statuses } from '../../domain/payment/payment.js';
import { isReference } from '../../domain/reference.js';
import { fields } from '../../workflows/fields.js';
import { createCalls, type App } from '../http/calls.js';
import type { Parts } from '../../service/parts.js';
import { cursorOf, limit, pageOf, pageSchema } from '../http/cursor.js';
import { withLastDay } from '../../domain/payment/validity.js';
import { answers } from '../http/documents.js';
import { field } from '../http/requestFields.js';
import { paymentRowSchema } from './schemas.js';
import { readingRoute } from '../http/routes.js';

const query = z.strictObject({
  customerId: field.customerId.optional(),
  status: z
    .union([z.enum(statuses).transform((status) => [status]), z.array(z.enum(statuses)).min(1)])
    .optional()
    .openapi({
      type: 'array',
      items: { type: 'string', enum: [...statuses] },
      description: 'Repeat the parameter for several',
    }),
  type: z.enum(types).optional(),
  productId: field.productId.optional(),
  purpose: z.enum(purposes).optional(),
  currency: field.currency.optional(),
  shopId: field.shopId.optional(),
  saleId: field.saleId
    .optional()
    .meta({ description: 'Payments that this sale drew on, or that its return issued', example: 'S-2001' }),
  expiresBefore: fields.instant.optional().meta({ type: 'string', format: 'date-time' }),
  q: field.q.optional(),
  cursor: cursorOf(
    z.strictObject({ issuedAt: z.iso.datetime(), reference: z.string().refine(isReference) }),
  ).optional(),
  limit,
});

const route = readingRoute({
  path: '/account-payments',
  operationId: 'list',
  summary: 'List account payments, newest first',
  request: { query },
  answer: answers('A page of them', pageSchema(paymentRowSchema)),
});

export function listCall(parts: Parts): App {
  return createCalls().openapi(route, async (c) => {
    const { cursor, limit: size, ...filter } = c.req.valid('query');
    const rows = await within(5_000, listAccountPayments(parts.sql, filter, { position: cursor, limit: size + 1 }));
    const { items, next } = pageOf(rows, size, ({ issuedAt, reference }) => ({ issuedAt, reference }));
    return c.json({ items: items.map((row) => withLastDay(row, c.get('caller').shop)), next }, 200);
  });
}
