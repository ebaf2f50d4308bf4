import { createRoute, z } from '@hono/zod-openapi';
import { saysHowPaidOut, saysNoTenderElse } from '../../workflows/payment/messages.js';
import { askedDispositions } from '../../domain/payment/command.js';
import { allow } from '../http/access.js';
import { createCalls, type App } from '../http/calls.js';
import type { Parts } from '../../service/parts.js';
import { answers, changedSchema, commandHeaders, f, json, otherwise, referenceParam } from './schemas.js';
import { send } from './send.js';

const body = z
  .strictObject({
    customerId: f.customerId,
    disposition: z.enum(askedDispositions),
    tender: f.tender.optional(),
    reason: f.reason,
    staffId: f.staffId,
  })
  .refine(...saysHowPaidOut)
  .refine(...saysNoTenderElse)
  .openapi('Cancel', {
    example: { customerId: 'C-1001', disposition: 'paid_out', tender: 'cash', reason: 'the customer asked for cash' },
  });

const route = createRoute({
  method: 'post',
  path: '/account-payments/{reference}/cancel',
  operationId: 'cancel',
  summary: 'End it, and say what became of the money',
  middleware: [allow('manage')] as const,
  request: { params: referenceParam, headers: commandHeaders, body: json(body) },
  responses: { 200: answers('Cancelled', changedSchema), ...otherwise },
});

export function cancelCall(parts: Parts): App {
  return createCalls().openapi(route, async (c) => {
    return send(c, parts, { kind: 'cancel', ...c.req.valid('json') });
  });
}
