import { createRoute, z } from '@hono/zod-openapi';
import { allow } from '../http/access.js';
import { createCalls, type App } from '../http/calls.js';
import type { Parts } from '../../service/parts.js';
import { expiryOf } from '../../domain/payment/validity.js';
import { saysHowLong, saysOnceHowLong } from './schemas.js';
import { answers, changedSchema, commandHeaders, f, json, otherwise, referenceParam } from './schemas.js';
import { send } from './send.js';

const body = z
  .strictObject({
    customerId: f.customerId,
    expiresAt: f.expiresAt.optional(),
    validThrough: f.validThrough.optional(),
    reason: f.reason,
    staffId: f.staffId,
  })
  .refine(...saysOnceHowLong)
  .refine(...saysHowLong)
  .openapi('Extend', { example: { customerId: 'C-1001', expiresAt: '2031-12-31', reason: 'goodwill' } });

const route = createRoute({
  method: 'post',
  path: '/account-payments/{reference}/extend',
  operationId: 'extend',
  summary: 'Move its expiry to a later time, or to never',
  middleware: [allow('manage')] as const,
  request: { params: referenceParam, headers: commandHeaders, body: json(body) },
  responses: { 200: answers('Extended', changedSchema), ...otherwise },
});

export function extendCall(parts: Parts): App {
  return createCalls().openapi(route, async (c) => {
    const { validThrough, expiresAt, ...told } = c.req.valid('json');
    const until = expiryOf({ validThrough, expiresAt }, c.get('caller').shop.timeZone);
    return send(c, parts, { kind: 'extend', ...told, expiresAt: until });
  });
}
