import { createRoute, z } from '@hono/zod-openapi';
import { askedFreezeCauses } from '../../domain/payment/command.js';
import { allow } from '../http/access.js';
import { createCalls, type App } from '../http/calls.js';
import type { Parts } from '../../service/parts.js';
import { answers, changedSchema, commandHeaders, f, json, otherwise, referenceParam } from './schemas.js';
import { send } from './send.js';

/** What people freeze and thaw; a gift does its own. */
const cause = z.enum(askedFreezeCauses).default('staff');

const body = (name: string, reason: string) =>
  z.strictObject({ cause, reason: f.reason, staffId: f.staffId }).openapi(name, { example: { reason } });

const freezeRoute = createRoute({
  method: 'post',
  path: '/account-payments/{reference}/freeze',
  operationId: 'freeze',
  summary: 'Let nothing new be spent until it is thawed',
  middleware: [allow('manage')] as const,
  request: { params: referenceParam, headers: commandHeaders, body: json(body('Freeze', 'reported stolen')) },
  responses: { 200: answers('Frozen', changedSchema), ...otherwise },
});

const thawRoute = createRoute({
  method: 'post',
  path: '/account-payments/{reference}/thaw',
  operationId: 'thaw',
  summary: 'Let it be spent again, as far as this cause goes',
  middleware: [allow('manage')] as const,
  request: { params: referenceParam, headers: commandHeaders, body: json(body('Thaw', 'found again')) },
  responses: { 200: answers('Thawed', changedSchema), ...otherwise },
});

export function freezeCall(parts: Parts): App {
  return createCalls().openapi(freezeRoute, async (c) => {
    return send(c, parts, { kind: 'freeze', ...c.req.valid('json') });
  });
}

export function thawCall(parts: Parts): App {
  return createCalls().openapi(thawRoute, async (c) => {
    return send(c, parts, { kind: 'thaw', ...c.req.valid('json') });
  });
}
