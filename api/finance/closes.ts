import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { closeKinds } from '../../domain/finance/closing.js';
import { isReason } from '../../domain/ids.js';
import { closeMonth, closes, reopen, type CloseAnswer } from '../../service/finance/closes.js';
import type { Close } from '../../db/finance/closes.js';
import type { Parts } from '../../service/parts.js';
import { says } from '../../workflows/fields.js';
import { createCalls, type App } from '../http/calls.js';
import { cursorOf, limit, ordinal, pageOf, pageSchema } from '../http/cursor.js';
import { answers } from '../http/documents.js';
import { keyed } from '../http/idempotency.js';
import { problem } from '../http/problems.js';
import { field } from '../http/requestFields.js';
import { keyedRoute, readingRoute } from '../http/routes.js';

const closeSchema = z
  .object({
    number: z.int(),
    legalEntity: z.string().openapi({ example: 'Nord GmbH' }),
    position: z.int().openapi({ description: 'Its place among the closes of the entity' }),
    kind: z.enum(closeKinds),
    shopId: z.string().openapi({ description: 'Of a day; empty for an entity' }),
    firstDay: z.string().openapi({ format: 'date' }),
    lastDay: z.string().openapi({ format: 'date' }),
    closedAt: z.string().openapi({ format: 'date-time' }),
    closedBy: z.string(),
    reason: z.string().nullable().openapi({ description: 'Why it was opened again' }),
    unrecordedCount: z.int().nullable().openapi({
      description:
        'Decisions that waited to be recorded; null when Temporal could not be asked, or did not tell in time',
    }),
    movementCount: z.int(),
    lateCount: z.int().openapi({ description: 'Movements whose own day had been closed' }),
    totals: z.array(
      z.object({
        currency: z.string().openapi({ example: 'EUR' }),
        openingMinor: z.int().optional().openapi({ description: 'Of a month: owed before it' }),
        closingMinor: z.int().optional().openapi({ description: 'Of a month: owed at its end' }),
        receivedMinor: z.int(),
        perpetualReceivedMinor: z.int().openapi({ description: 'All that was ever received; no refund lowers it' }),
        categories: z.array(z.object({ category: z.string().openapi({ example: 'applied' }), amountMinor: z.int() })),
      }),
    ),
    previousHead: z.string(),
    head: z.string().openapi({ description: 'Proves this close, and all before it' }),
  })
  .openapi('Close');

const listRoute = readingRoute({
  path: '/closes',
  operationId: 'closes',
  summary: 'The months that were closed and what opened them again, or the days of a shop, the latest first',
  permission: 'report',
  request: {
    query: z.strictObject({
      legalEntity: field.legalEntity.optional(),
      shopId: field.shopId.optional().meta({ description: 'For the days of a shop', example: 'main' }),
      cursor: cursorOf(z.strictObject({ number: ordinal })).optional(),
      limit,
    }),
  },
  answer: answers('A page of closes', pageSchema(closeSchema)),
});

const closeRoute = keyedRoute({
  path: '/closes',
  operationId: 'closeMonth',
  summary: 'Close a month of an entity; one that is closed is told as it was',
  permission: 'report',
  params: z.object({}),
  body: z
    .strictObject({ legalEntity: field.legalEntity, month: field.month })
    .openapi('CloseMonth', { example: { legalEntity: 'Nord GmbH', month: '2026-10' } }),
  answers: { 200: answers('It is closed', z.object({ close: closeSchema })) },
});

const reopenRoute = keyedRoute({
  path: '/closes/reopen',
  operationId: 'reopenMonth',
  summary: 'Open a closed month of an entity again, and all that was closed after it; the closes stay',
  permission: 'reopen',
  params: z.object({}),
  body: z
    .strictObject({
      legalEntity: field.legalEntity,
      month: field.month,
      reason: field.reason.refine(isReason, says('invalid_text')),
    })
    .openapi('ReopenMonth', {
      example: { legalEntity: 'Nord GmbH', month: '2026-10', reason: 'A till had been away' },
    }),
  answers: { 200: answers('It is open', z.object({ close: closeSchema })) },
});

export function closeCalls(parts: Parts): App {
  return createCalls()
    .openapi(listRoute, async (c) => {
      const { cursor, limit: size, ...of } = c.req.valid('query');
      const made = await closes(parts, { ...of, beforeNumber: cursor?.number, limit: size + 1 });
      return c.json(
        pageOf(made.map(shown), size, ({ number }) => ({ number })),
        200,
      );
    })
    .openapi(reopenRoute, (c) =>
      keyed(c, undefined, async (asking) => answerClose(c, await reopen(parts, asking, c.req.valid('json')))),
    )
    .openapi(closeRoute, (c) =>
      keyed(c, undefined, async (asking) => answerClose(c, await closeMonth(parts, asking, c.req.valid('json')))),
    );
}

function answerClose(c: Context, answer: CloseAnswer): Response {
  if (!('code' in answer)) return c.json({ close: shown(answer) }, 200);
  return problem(c, answer.code, 'month' in answer ? { about: { month: answer.month } } : {});
}

/** As the documents have it: with lists that may be written to, as their schema is typed. */
function shown({ totals, ...close }: Close) {
  return { ...close, totals: totals.map(({ categories: all, ...each }) => ({ ...each, categories: [...all] })) };
}
