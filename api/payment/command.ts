import { createRoute, z } from '@hono/zod-openapi';
import { findCommand } from '../../db/payment/commands.js';
import { findOutcome } from '../../db/requestKeys.js';
import { findMovementOf } from '../../db/payment/movements.js';
import { isRecordsOutage, within } from '../../db/outage.js';
import { isReference } from '../../domain/reference.js';
import { allow } from '../http/access.js';
import { createCalls, type App, type Parts } from '../http/calls.js';
import { problem } from '../http/problems.js';
import { answers, movementSchema, otherwise, referenceParam } from './schemas.js';
import { ActorsUnavailable, NO_ACTOR } from '../../service/temporal.js';

const commandSchema = z
  .object({
    commandId: z.string(),
    outcome: z.enum(['accepted', 'refused']),
    code: z.string().nullable().openapi({ description: 'Why it was refused', example: 'insufficient_balance' }),
    revision: z.int().nullable().openapi({ description: 'Missing when it came after the end', example: 2 }),
    decidedAt: z.string().openapi({ format: 'date-time' }),
    movement: z.union([movementSchema, z.null()]),
    recorded: z.boolean(),
  })
  .openapi('Command');

type Told = z.infer<typeof commandSchema>;

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

const PATIENCE_MS = 2_000;

export function commandCall(parts: Parts): App {
  return createCalls().openapi(route, async (c) => {
    const { reference, commandId } = c.req.valid('param');
    if (!isReference(reference)) return problem(c, 'payment_not_found');
    const recorded = await fromRecords(parts, reference, commandId);
    if (recorded && recorded !== 'unreachable') return c.json(recorded, 200);
    const remembered = await fromActor(parts, reference, commandId);
    if (remembered) return c.json(remembered, 200);
    return problem(c, recorded === 'unreachable' ? 'records_unavailable' : 'command_not_found');
  });
}

async function fromRecords(
  { sql }: Parts,
  reference: string,
  commandId: string,
): Promise<Told | undefined | 'unreachable'> {
  try {
    const command = await within(PATIENCE_MS, findCommand(sql, reference, commandId));
    if (!command) return toldAfterEnd(await within(PATIENCE_MS, findOutcome(sql, reference, commandId)), commandId);
    const movement = await within(PATIENCE_MS, findMovementOf(sql, reference, commandId));
    const { revision, decidedAt, outcome } = command;
    const told = outcome === 'accepted' ? { outcome, code: null } : { outcome: 'refused' as const, code: outcome };
    return { commandId, ...told, revision, decidedAt, movement: movement ?? null, recorded: true };
  } catch (error) {
    if (isRecordsOutage(error)) return 'unreachable';
    throw error;
  }
}

/** Refused after the payment's end: no revision counts it. */
function toldAfterEnd(found: Awaited<ReturnType<typeof findOutcome>>, commandId: string): Told | undefined {
  if (!found) return undefined;
  const { code, registeredAt: decidedAt } = found;
  return { commandId, outcome: 'refused', code, revision: null, decidedAt, movement: null, recorded: true };
}

/** What the records do not have yet, the actor does; its movement follows with the record. */
async function fromActor({ actors }: Parts, reference: string, commandId: string): Promise<Told | undefined> {
  try {
    const known = await actors.remembered(reference, commandId);
    if (known === NO_ACTOR || known.outcome === 'unknown') return undefined;
    const { outcome, revision, at } = known;
    return {
      commandId,
      outcome,
      code: 'code' in known ? known.code : null,
      revision,
      decidedAt: at,
      movement: null,
      recorded: false,
    };
  } catch (error) {
    if (error instanceof ActorsUnavailable) return undefined;
    throw error;
  }
}
