import { createRoute, z } from '@hono/zod-openapi';
import type { Freeze, FreezeCause, Thaw } from '../../domain/payment/command.js';
import type { Role } from '../../db/apiKeys.js';
import { allow } from '../http/access.js';
import { createCalls, type App, type Parts } from '../http/calls.js';
import { problem } from '../http/problems.js';
import { answers, changedSchema, commandHeaders, f, json, otherwise, referenceParam } from './schemas.js';
import { send } from './send.js';

/** What people freeze and thaw; a gift does its own. */
const cause = z.enum(['staff', 'conflict', 'reconciliation']).default('staff');

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
    const { staffId, ...told } = c.req.valid('json');
    if (!mayDecideOn(told.cause, c.get('caller').role)) return problem(c, 'forbidden');
    return send<Freeze>(c, parts, { kind: 'freeze', body: told, staffId }, (accepted) => accepted);
  });
}

export function thawCall(parts: Parts): App {
  return createCalls().openapi(thawRoute, async (c) => {
    const { staffId, ...told } = c.req.valid('json');
    if (!mayDecideOn(told.cause, c.get('caller').role)) return problem(c, 'forbidden');
    return send<Thaw>(c, parts, { kind: 'thaw', body: told, staffId }, (accepted) => accepted);
  });
}

/** What the books or a reconciliation say is an admin's to answer. */
function mayDecideOn(cause: FreezeCause, role: Role): boolean {
  return cause === 'staff' || role === 'admin';
}
