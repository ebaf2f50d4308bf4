import { createRoute, z } from '@hono/zod-openapi';
import { allow } from '../http/access.js';
import { createCalls, type App } from '../http/calls.js';
import type { Parts } from '../../service/parts.js';
import { answers, changedSchema, commandHeaders, f, json, otherwise, referenceParam } from './schemas.js';
import { send } from './send.js';

const body = z
  .strictObject({ reason: f.reason, staffId: f.staffId })
  .openapi('Expire', { example: { reason: 'agreed with the customer' } });

const route = createRoute({
  method: 'post',
  path: '/account-payments/{reference}/expire',
  operationId: 'expire',
  summary: 'Expire it by hand, now',
  middleware: [allow('manage')] as const,
  request: { params: referenceParam, headers: commandHeaders, body: json(body) },
  responses: { 200: answers('Expired', changedSchema), ...otherwise },
});

export function expireCall(parts: Parts): App {
  return createCalls().openapi(route, async (c) => {
    return send(c, parts, { kind: 'expire', cause: 'asked', ...c.req.valid('json') });
  });
}
