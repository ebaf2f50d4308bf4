import { createRoute, z } from '@hono/zod-openapi';
import { allow } from '../http/access.js';
import { createCalls, type App } from '../http/calls.js';
import type { Parts } from '../../service/parts.js';
import { answers, changedSchema, commandHeaders, f, json, otherwise, referenceParam } from './schemas.js';
import { send } from './send.js';

const body = z
  .strictObject({
    customerId: f.customerId,
    amountMinor: f.amountMinor,
    currency: f.currency,
    tender: f.tender,
    reason: f.reason,
    staffId: f.staffId,
  })
  .openapi('PayOut', {
    example: { customerId: 'C-1001', amountMinor: 1_000, currency: 'EUR', tender: 'cash', reason: 'asked for cash' },
  });

const route = createRoute({
  method: 'post',
  path: '/account-payments/{reference}/pay-out',
  operationId: 'payOut',
  summary: 'Hand some of it out over the counter',
  middleware: [allow('manage')] as const,
  request: { params: referenceParam, headers: commandHeaders, body: json(body) },
  responses: { 200: answers('Paid out', changedSchema), ...otherwise },
});

export function payOutCall(parts: Parts): App {
  return createCalls().openapi(route, async (c) => {
    return send(c, parts, { kind: 'payOut', ...c.req.valid('json') });
  });
}
