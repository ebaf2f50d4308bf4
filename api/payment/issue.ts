import { createRoute, z } from '@hono/zod-openapi';
import { misfitOf, purposes, scopeOf, types, type Scope } from '../../domain/payment/command.js';
import type { Parts } from '../../service/parts.js';
import { issuePayment } from '../../service/payment/issue.js';
import { across } from '../../workflows/fields.js';
import { allow } from '../http/access.js';
import { createCalls, type App } from '../http/calls.js';
import { keyed } from '../http/idempotency.js';
import { answerRefusal, markReplayed } from '../http/problems.js';
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

type Kind = { type: Scope['type']; productId?: string | undefined };

const body = z
  .strictObject({
    customerId: f.customerId,
    type: z.enum(types),
    productId: f.productId.optional(),
    purpose: z.enum(purposes),
    amountMinor: f.amountMinor,
    currency: f.currency,
    expiresAt: f.expiresAt.optional(),
    validThrough: f.validThrough.optional(),
    notes: f.notes,
    staffId: f.staffId,
  })
  .refine(...saysOnceHowLong)
  .refine(...across((kind: Kind) => misfitOf(kind) !== 'product_id_required', 'product_id_required', 'productId'))
  .refine(...across((kind: Kind) => misfitOf(kind) !== 'product_id_not_allowed', 'product_id_not_allowed', 'productId'))
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

export function issueCall(parts: Parts): App {
  return createCalls().openapi(route, async (c) => {
    const { staffId, type, productId, ...wanted } = c.req.valid('json');
    return keyed(c, staffId, async (asking) => {
      const result = await issuePayment(parts, asking, { ...wanted, scope: scopeOf(type, productId) });
      if (result.outcome === 'refused') return answerRefusal(c, result);
      const { payment, recorded, delivery } = result;
      markReplayed(c, delivery);
      c.header('Location', `/v1/account-payments/${payment.reference}`);
      return c.json({ payment, recorded }, 201);
    });
  });
}
