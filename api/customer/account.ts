import { z } from '@hono/zod-openapi';
import {
  activePayments,
  applicablePayments,
  customerTotals,
  customerUsages,
  endedPayments,
} from '../../db/customer/accounts.js';
import { findCustomer } from '../../db/customer/customers.js';
import { within } from '../../db/outage.js';
import { MAX_LINES } from '../../domain/basket.js';
import { inOrderOfUse } from '../../domain/sale/quote.js';
import { isReference } from '../../domain/reference.js';
import { fields } from '../../workflows/fields.js';
import { createCalls, type App } from '../http/calls.js';
import type { Parts } from '../../service/parts.js';
import { cursorOf, limit, ordinal, pageOf, pageSchema } from '../http/cursor.js';
import { withLastDay } from '../../domain/payment/validity.js';
import { answers } from '../http/documents.js';
import { field, ID_PATTERN, idField } from '../http/requestFields.js';
import { paymentRowSchema, usageSchema } from '../payment/schemas.js';
import { readingRoute } from '../http/routes.js';

const params = z.object({ id: idField('C-1001') });
const position = z.strictObject({
  movedAt: fields.instant,
  reference: z.string().refine(isReference),
  sequence: ordinal,
});

const accountSchema = z
  .object({
    customerId: z.string(),
    name: z.string().nullable(),
    totals: z.array(
      z.object({ currency: z.string(), balanceMinor: z.int(), heldMinor: z.int(), availableMinor: z.int() }),
    ),
    activePayments: z.array(paymentRowSchema),
    endedPayments: z
      .array(paymentRowSchema)
      .openapi({ description: 'Those that ended or were used up in the last 90 days, 200 at most' }),
    usages: pageSchema(usageSchema.extend({ reference: z.string(), currency: z.string() }).openapi('CustomerUsage')),
  })
  .openapi('CustomerAccount');

const accountRoute = readingRoute({
  path: '/customers/{id}/account',
  operationId: 'customerAccount',
  summary: 'What a customer has: totals, active payments soonest expiry first, 200 at most, and usages newest first',
  request: { params, query: z.strictObject({ cursor: cursorOf(position).optional(), limit }) },
  answer: answers("The customer's account; empty for one that nothing was issued to", accountSchema),
});

const applicableRoute = readingRoute({
  path: '/customers/{id}/applicable-payments',
  operationId: 'applicablePayments',
  summary: 'What may be used for a basket, in the order in which it should be',
  request: {
    params,
    query: z.strictObject({
      currency: field.currency,
      productId: z
        .union([field.productId.transform((id) => [id]), z.array(field.productId).max(MAX_LINES)])
        .default([])
        .openapi({
          type: 'array',
          maxItems: MAX_LINES,
          items: { type: 'string', minLength: 1, maxLength: 128, pattern: ID_PATTERN },
          description: 'A product of the basket. Repeat the parameter for each',
        }),
    }),
  },
  answer: answers('They may be used', z.object({ items: z.array(paymentRowSchema) })),
});

const PATIENCE_MS = 5_000;
/** Nobody has more than this. */
const MOST_ACTIVE = 200;

export function customerAccountCall(parts: Parts): App {
  const { listSql: sql } = parts;
  return createCalls().openapi(accountRoute, async (c) => {
    const { id: customerId } = c.req.valid('param');
    const { cursor, limit: size } = c.req.valid('query');
    const asked = Promise.all([
      findCustomer(sql, customerId),
      customerTotals(sql, customerId),
      activePayments(sql, customerId, MOST_ACTIVE),
      endedPayments(sql, customerId, MOST_ACTIVE),
      customerUsages(sql, customerId, { position: cursor, limit: size + 1 }),
    ]);
    const [customer, totals, active, ended, usages] = await within(PATIENCE_MS, asked);
    const page = pageOf(usages, size, ({ movedAt, reference, sequence }) => ({ movedAt, reference, sequence }));
    const payments = {
      activePayments: active.map((row) => withLastDay(row, c.get('caller').shop)),
      endedPayments: ended.map((row) => withLastDay(row, c.get('caller').shop)),
    };
    return c.json({ customerId, name: customer?.name ?? null, totals, ...payments, usages: page }, 200);
  });
}

export function applicablePaymentsCall(parts: Parts): App {
  const { quoteSql: sql } = parts;
  return createCalls().openapi(applicableRoute, async (c) => {
    const { id: customerId } = c.req.valid('param');
    const { currency, productId: productIds } = c.req.valid('query');
    const items = await within(PATIENCE_MS, applicablePayments(sql, customerId, { currency, productIds }));
    return c.json({ items: inOrderOfUse(items).map((row) => withLastDay(row, c.get('caller').shop)) }, 200);
  });
}
