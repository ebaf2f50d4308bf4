import { z } from '@hono/zod-openapi';
import { findAccountPayment } from '../../db/payment/accountPayments.js';
import { orders } from '../../db/payment/commands.js';
import { listMovements, listUsages, type Page } from '../../db/payment/movements.js';
import { within } from '../../db/outage.js';
import { createCalls, type App } from '../http/calls.js';
import type { Parts } from '../../service/parts.js';
import { cursorOf, limit, ordinal, pageOf, pageSchema } from '../http/cursor.js';
import { problem } from '../http/problems.js';
import { answers } from '../http/documents.js';
import { referenceParam } from '../http/requestFields.js';
import { movementSchema, usageSchema } from './schemas.js';
import { readingRoute } from '../http/routes.js';

const query = z.strictObject({
  order: z.enum(orders).default('oldest'),
  cursor: cursorOf(z.strictObject({ sequence: ordinal })).optional(),
  limit,
});

const usagesRoute = readingRoute({
  path: '/account-payments/{reference}/usages',
  operationId: 'usages',
  summary: 'What sales took from it and gave back, oldest first unless asked',
  request: { params: referenceParam, query },
  answer: answers('A page of usages', pageSchema(usageSchema)),
});

const movementsRoute = readingRoute({
  path: '/account-payments/{reference}/movements',
  operationId: 'movements',
  summary: 'Everything that moved its balance, oldest first unless asked',
  request: { params: referenceParam, query },
  answer: answers('A page of movements', pageSchema(movementSchema)),
});

const PATIENCE_MS = 5_000;

export function usagesCall(parts: Parts): App {
  return createCalls().openapi(usagesRoute, async (c) => {
    const page = await pageFrom(parts, listUsages, c.req.valid('param').reference, c.req.valid('query'));
    return page ? c.json(page, 200) : problem(c, 'payment_not_found');
  });
}

export function movementsCall(parts: Parts): App {
  return createCalls().openapi(movementsRoute, async (c) => {
    const page = await pageFrom(parts, listMovements, c.req.valid('param').reference, c.req.valid('query'));
    return page ? c.json(page, 200) : problem(c, 'payment_not_found');
  });
}

type List<Row> = (sql: Parts['sql'], reference: string, page: Page) => Promise<Row[]>;

async function pageFrom<Row extends { sequence: number }>(
  { listSql: sql }: Parts,
  list: List<Row>,
  reference: string,
  { order, cursor, limit: size }: z.infer<typeof query>,
) {
  const page = { order, afterSequence: cursor?.sequence, limit: size + 1 };
  const rows = await within(PATIENCE_MS, list(sql, reference, page));
  if (rows.length === 0 && !(await within(PATIENCE_MS, findAccountPayment(sql, reference)))) return undefined;
  return pageOf(rows, size, ({ sequence }) => ({ sequence }));
}
