import { createRoute, z } from '@hono/zod-openapi';
import { allow } from '../http/access.js';
import { createCalls, type App } from '../http/calls.js';
import { outcomes } from '../../domain/payment/handle.js';
import type { Parts } from '../../service/parts.js';
import { readCommand } from '../../service/payment/readCommand.js';
import { problem } from '../http/problems.js';
import { answers, movementSchema, otherwise, referenceParam } from './schemas.js';

const commandSchema = z
  .object({
    commandId: z.string(),
    outcome: z.enum(outcomes),
    code: z.string().nullable().openapi({ description: 'Why it was refused', example: 'insufficient_balance' }),
    revision: z.int().nullable().openapi({ description: 'Missing when it came after the end', example: 2 }),
    decidedAt: z.string().openapi({ format: 'date-time' }),
    movement: z.union([movementSchema, z.null()]),
    recorded: z.boolean(),
  })
  .openapi('Command');

const route = createRoute({
  method: 'get',
  path: '/account-payments/{reference}/commands/{commandId}',
  operationId: 'command',
  summary: 'What became of a command, one sent as a signal too',
  middleware: [allow('read')] as const,
  request: {
    params: referenceParam.extend({
      commandId: z
        .string()
        .openapi({ param: { name: 'commandId', in: 'path' }, example: 'aPHZ3-pTrF0jQm0tLJjzq4l7z3tZ5dQ6cXb0o1W2e3R' }),
    }),
  },
  responses: { 200: answers('It was decided', commandSchema), ...otherwise },
});

export function commandCall(parts: Parts): App {
  return createCalls().openapi(route, async (c) => {
    const { reference, commandId } = c.req.valid('param');
    const command = await readCommand(parts, reference, commandId);
    return typeof command === 'string' ? problem(c, command) : c.json(command, 200);
  });
}
