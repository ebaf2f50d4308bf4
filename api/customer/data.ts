import { z } from '@hono/zod-openapi';
import { customerData } from '../../db/customer/data.js';
import { within } from '../../db/outage.js';
import { movementKinds } from '../../domain/payment/payment.js';
import type { Parts } from '../../service/parts.js';
import { createCalls, type App } from '../http/calls.js';
import { answers } from '../http/documents.js';
import { problem } from '../http/problems.js';
import { idField } from '../http/requestFields.js';
import { readingRoute } from '../http/routes.js';
import { paymentRowSchema } from '../payment/schemas.js';

const instant = z.string().openapi({ format: 'date-time' });
const text = z.string().nullable();

const dataSchema = z
  .object({
    customerId: z.string(),
    who: z.object({ name: z.string(), phone: text, email: text, updatedAt: instant }).nullable(),
    payments: z.array(paymentRowSchema.omit({ createdBy: true })),
    movements: z.array(
      z.object({
        reference: z.string(),
        sequence: z.int(),
        kind: z.enum(movementKinds),
        amountMinor: z.int(),
        balanceAfterMinor: z.int(),
        saleShopId: text,
        saleId: text,
        counterpart: text,
        reason: text,
        shopId: z.string(),
        movedAt: instant,
      }),
    ),
    commands: z.array(
      z.object({
        reference: z.string(),
        kind: z.string(),
        outcome: z.string(),
        shopId: z.string(),
        decidedAt: instant,
        details: z.record(z.string(), z.unknown()),
      }),
    ),
    sales: z.array(
      z.object({
        saleShopId: z.string(),
        saleId: z.string(),
        kind: z.string(),
        outcome: z.string(),
        currency: text,
        lines: z.array(z.record(z.string(), z.unknown())).nullable(),
        reason: text,
        decidedAt: instant,
      }),
    ),
    gifts: z.array(
      z.object({
        giftId: z.string(),
        reference: text.openapi({ description: 'None of a gift that was received' }),
        customerId: text.openapi({ description: 'Who gave it; none of a gift that was received' }),
        toCustomerId: z.string(),
        amountMinor: z.int(),
        currency: z.string(),
        message: text,
        status: z.string(),
        requestedAt: instant,
      }),
    ),
    erasures: z.array(z.object({ erasedAt: instant, reason: z.string() })),
  })
  .openapi('CustomerData');

const route = readingRoute({
  path: '/customers/{id}/data',
  operationId: 'customerData',
  summary: 'All that is known of a customer, as they may ask for it. A manager hands it on',
  permission: 'manage',
  request: { params: z.object({ id: idField('C-1001') }) },
  answer: answers('All that stands anywhere', dataSchema),
});

const PATIENCE_MS = 5_000;

export function customerDataCall({ listSql: sql }: Parts): App {
  return createCalls().openapi(route, async (c) => {
    const { id: customerId } = c.req.valid('param');
    const data = await within(PATIENCE_MS, customerData(sql, customerId, c.get('caller').shop));
    return data ? c.json({ customerId, ...data }, 200) : problem(c, 'customer_not_found');
  });
}
