import { createRoute, z } from '@hono/zod-openapi';
import { fields } from '../../workflows/fields.js';
import { movesOrKeeps } from '../../workflows/payment/messages.js';
import { allow } from '../http/access.js';
import { createCalls, type App } from '../http/calls.js';
import type { Parts } from '../../service/parts.js';
import {
  acceptedSchema,
  answers,
  commandHeaders,
  f,
  json,
  linksOfPayment,
  otherwise,
  referenceParam,
  usedSchema,
} from './schemas.js';
import { send, showUsage } from './send.js';

const body = z
  .strictObject({
    customerId: f.customerId,
    amountMinor: fields.noneOrAmountMinor.meta({
      type: 'integer',
      minimum: 0,
      maximum: 1_000_000_000_000,
      description: 'What goes back, in the minor unit; 0 when all of it is kept',
      example: 1_000,
    }),
    keptMinor: f.keptMinor,
    currency: f.currency,
    saleId: f.saleId,
    saleShopId: f.saleShopId,
    reason: f.optionalReason,
    staffId: f.staffId,
  })
  .refine(...movesOrKeeps)
  .openapi('Refund', {
    example: {
      customerId: 'C-1001',
      amountMinor: 1_000,
      currency: 'EUR',
      saleId: 'S-2001',
      reason: 'returned one of two',
    },
  });

const route = createRoute({
  method: 'post',
  path: '/account-payments/{reference}/refund',
  operationId: 'refund',
  summary: 'Give back to it what a sale took',
  middleware: [allow('spend')] as const,
  request: { params: referenceParam, headers: commandHeaders, body: json(body) },
  responses: {
    200: answers('Given back', usedSchema, linksOfPayment('/payment/reference')),
    202: answers('Sent as a signal; Location tells what becomes of it', acceptedSchema),
    ...otherwise,
  },
});

export function refundCall(parts: Parts): App {
  return createCalls().openapi(route, async (c) => {
    const { saleShopId = c.get('caller').shop.shopId, ...told } = c.req.valid('json');
    return send(c, parts, { kind: 'refund', saleShopId, ...told }, showUsage);
  });
}
