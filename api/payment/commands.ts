import { z } from '@hono/zod-openapi';
import { findAccountPayment } from '../../db/payment/accountPayments.js';
import { listCommands, orders, type CommandRow } from '../../db/payment/commands.js';
import { within } from '../../db/outage.js';
import { outcomes } from '../../domain/payment/handle.js';
import { parentKinds, recordedKinds } from '../../domain/payment/command.js';
import { createCalls, type App } from '../http/calls.js';
import type { Parts } from '../../service/parts.js';
import { cursorOf, limit, ordinal, pageOf, pageSchema } from '../http/cursor.js';
import { problem } from '../http/problems.js';
import { answers } from '../http/documents.js';
import { field, referenceParam } from '../http/requestFields.js';
import { readingRoute } from '../http/routes.js';

const query = z.strictObject({
  kind: z.enum(recordedKinds).optional(),
  saleId: field.saleId.optional(),
  shopId: field.shopId.optional(),
  caller: field.caller.optional(),
  decidedFrom: field.instant.optional(),
  decidedBefore: field.instant.optional(),
  order: z.enum(orders).default('oldest'),
  cursor: cursorOf(z.strictObject({ revision: ordinal })).optional(),
  limit,
});

const commandSchema = z
  .object({
    commandId: z.string(),
    kind: z.string().openapi({ example: 'cancel' }),
    outcome: z.enum(outcomes),
    code: z.string().nullable().openapi({ description: 'Why it was refused', example: null }),
    rules: z.int().openapi({ description: 'Those by which it was decided' }),
    revision: z.int(),
    decidedAt: z.string().openapi({ format: 'date-time' }),
    shopId: z.string(),
    caller: z.string(),
    staffId: z.string().nullable(),
    parentKind: z.enum(parentKinds).nullable().openapi({ description: 'The kind of actor whose step it is' }),
    parentId: z.string().nullable(),
    parentCommandId: z.string().nullable(),
    saleShopId: z.string().nullable(),
    saleId: z.string().nullable(),
    keptMinor: z.int(),
    details: z.record(z.string(), z.unknown()).openapi({ description: 'Everything else that it asked for' }),
  })
  .openapi('RecordedCommand');

const route = readingRoute({
  path: '/account-payments/{reference}/commands',
  operationId: 'commands',
  summary: 'Every command that it was sent and what became of each, refusals included',
  request: { params: referenceParam, query },
  answer: answers('A page of commands', pageSchema(commandSchema)),
});

const PATIENCE_MS = 5_000;

export function commandsCall({ listSql: sql }: Parts): App {
  return createCalls().openapi(route, async (c) => {
    const { reference } = c.req.valid('param');
    const { cursor, limit: size, order, ...filter } = c.req.valid('query');
    const page = { order, afterRevision: cursor?.revision, limit: size + 1 };
    const rows = await within(PATIENCE_MS, listCommands(sql, reference, filter, page));
    if (rows.length === 0 && !(await within(PATIENCE_MS, findAccountPayment(sql, reference)))) {
      return problem(c, 'payment_not_found');
    }
    const { items, next } = pageOf(rows, size, ({ revision }) => ({ revision }));
    return c.json({ items: items.map(show), next }, 200);
  });
}

function show({ outcome, bodyHash: _, ...row }: CommandRow) {
  return outcome === 'accepted'
    ? { ...row, outcome, code: null }
    : { ...row, outcome: 'refused' as const, code: outcome };
}
