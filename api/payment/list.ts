import { createRoute, z } from '@hono/zod-openapi';
import { listAccountPayments } from '../../db/payment/accountPayments.js';
import { within } from '../../db/outage.js';
import { isStorableText } from '../../domain/ids.js';
import { isReference } from '../../domain/reference.js';
import { fields, says } from '../../workflows/fields.js';
import { allow } from '../http/access.js';
import { createCalls, type App, type Parts } from '../http/calls.js';
import { cursorOf, limit, pageOf, pageSchema } from '../http/cursor.js';
import { answers, f, otherwise, paymentRowSchema } from './schemas.js';

const query = z.strictObject({
  customerId: f.customerId.optional(),
  status: z.enum(['active', 'used', 'expired', 'cancelled']).optional(),
  type: z.enum(['generic', 'product_specific']).optional(),
  productId: f.productId.optional(),
  purpose: z.enum(['deposit', 'store_credit', 'prepayment', 'gift']).optional(),
  currency: f.currency.optional(),
  saleId: f.saleId
    .optional()
    .meta({ description: 'Drawn on by this sale, or issued when it was returned', example: 'S-2001' }),
  expiresBefore: fields.instant.optional().meta({ type: 'string', format: 'date-time' }),
  q: z
    .string()
    .min(1, says('invalid_text'))
    .max(100, says('invalid_text'))
    .refine(isStorableText, says('invalid_text'))
    .optional()
    .openapi({ description: "Part of a reference, a customer's or product's id or name, or the notes" }),
  cursor: cursorOf(
    z.strictObject({ issuedAt: z.iso.datetime(), reference: z.string().refine(isReference) }),
  ).optional(),
  limit,
});

const route = createRoute({
  method: 'get',
  path: '/account-payments',
  operationId: 'list',
  summary: 'List account payments, newest first',
  middleware: [allow('read')] as const,
  request: { query },
  responses: { 200: answers('A page of them', pageSchema(paymentRowSchema)), ...otherwise },
});

export function listCall({ sql }: Parts): App {
  return createCalls().openapi(route, async (c) => {
    const { cursor, limit: size, ...filter } = c.req.valid('query');
    const rows = await within(5_000, listAccountPayments(sql, filter, { position: cursor, limit: size + 1 }));
    return c.json(
      pageOf(rows, size, ({ issuedAt, reference }) => ({ issuedAt, reference })),
      200,
    );
  });
}
