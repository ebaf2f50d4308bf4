import { z } from '@hono/zod-openapi';
import { createCalls, type App } from '../http/calls.js';
import { outcomes } from '../../domain/payment/handle.js';
import type { Parts } from '../../service/parts.js';
import { readCommand } from '../../service/payment/readCommand.js';
import { problem } from '../http/problems.js';
import { answers } from '../http/documents.js';
import { madeIdParam, referenceParam } from '../http/requestFields.js';
import { movementSchema } from './schemas.js';
import { readingRoute } from '../http/routes.js';

const commandSchema = z
  .object({
    commandId: z.string(),
    outcome: z.enum(outcomes),
    code: z.string().nullable().openapi({ description: 'Why it was refused', example: 'insufficient_balance' }),
    revision: z
      .int()
      .nullable()
      .openapi({ description: "Null when the command came after the payment's end", example: 2 }),
    decidedAt: z.string().openapi({ format: 'date-time' }),
    movement: z.union([movementSchema, z.null()]),
    recorded: z.boolean(),
  })
  .openapi('Command');

const route = readingRoute({
  path: '/account-payments/{reference}/commands/{commandId}',
  operationId: 'command',
  summary: 'What became of a command, whether it was waited for or sent as a signal',
  request: {
    params: referenceParam.extend(madeIdParam('commandId')),
  },
  answer: answers('It was decided', commandSchema),
});

export function commandCall(parts: Parts): App {
  return createCalls().openapi(route, async (c) => {
    const { reference, commandId } = c.req.valid('param');
    const command = await readCommand(parts, reference, commandId);
    return typeof command === 'string' ? problem(c, command) : c.json(command, 200);
  });
}
