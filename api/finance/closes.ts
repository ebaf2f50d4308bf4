import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { closeKinds, isMonth, type CloseRefusal } from '../../domain/finance/closing.js';
import { isStorableText } from '../../domain/ids.js';
import { closeMonth, closes, reopen } from '../../service/finance/closes.js';
import type { Close } from '../../db/finance/closes.js';
import type { Parts } from '../../service/parts.js';
import { keyOf, type Asking } from '../../service/asking.js';
import { says } from '../../workflows/fields.js';
import { createCalls, type App } from '../http/calls.js';
import { answers } from '../http/documents.js';
import { keyed } from '../http/idempotency.js';
import { problem } from '../http/problems.js';
import { field } from '../http/requestFields.js';
import { keyedRoute, readingRoute } from '../http/routes.js';

const entity = z
  .string()
  .min(1)
  .max(200)
  .refine(isStorableText, says('malformed_request'))
  .openapi({ example: 'Nord GmbH' });
const month = z.string().refine(isMonth, says('malformed_request')).openapi({ example: '2026-10' });

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
      description: 'Decisions that waited to be recorded; null when Temporal could not be asked',
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
  summary: 'The months that were closed and what opened them again, or the days of a shop, the latest 500 first',
  permission: 'report',
  request: {
    query: z.strictObject({
      legalEntity: entity.optional(),
      shopId: entity.optional().openapi({ description: 'For the days of a shop', example: 'main' }),
    }),
  },
  answer: answers('They are there', z.object({ items: z.array(closeSchema) })),
});

const closeRoute = keyedRoute({
  path: '/closes',
  operationId: 'closeMonth',
  summary: 'Close a month of an entity; one that is closed is told as it was',
  permission: 'report',
  params: z.object({}),
  body: z
    .strictObject({ legalEntity: entity, month })
    .openapi('CloseMonth', { example: { legalEntity: 'Nord GmbH', month: '2026-10' } }),
  answers: { 200: answers('It is closed', z.object({ close: closeSchema })) },
});

const reopenRoute = keyedRoute({
  path: '/closes/reopen',
  operationId: 'reopenMonth',
  summary: 'Open a closed month of an entity again, and all that was closed after it; the closes stay',
  permission: 'reopen',
  params: z.object({}),
  body: z.strictObject({ legalEntity: entity, month, reason: field.reason }).openapi('ReopenMonth', {
    example: { legalEntity: 'Nord GmbH', month: '2026-10', reason: 'A till had been away' },
  }),
  answers: { 200: answers('It is open', z.object({ close: closeSchema })) },
});

export function closeCalls(parts: Parts): App {
  const once = async (asking: Asking) => (await parts.requestKeys(keyOf(asking, null))).standing;
  return createCalls()
    .openapi(listRoute, async (c) => {
      return c.json({ items: [...(await closes(parts, c.req.valid('query')))].map(shown) }, 200);
    })
    .openapi(reopenRoute, async (c) => {
      const { reason, ...wish } = c.req.valid('json');
      return keyed(c, undefined, async (asking) => {
        if ((await once(asking)) === 'another') return problem(c, 'command_id_reused');
        const reopened = await reopen(parts, wish, { reopenedBy: asking.who.caller, reason });
        return 'code' in reopened ? refusedClose(c, reopened) : c.json({ close: shown(reopened) }, 200);
      });
    })
    .openapi(closeRoute, async (c) => {
      const wish = c.req.valid('json');
      return keyed(c, undefined, async (asking) => {
        if ((await once(asking)) === 'another') return problem(c, 'command_id_reused');
        const closed = await closeMonth(parts, wish, asking.who.caller);
        return 'code' in closed ? refusedClose(c, closed) : c.json({ close: shown(closed) }, 200);
      });
    });
}

/** As the documents have it: the hash over its movements is nobody's to compare here. */
function shown({ totals, ...close }: Close) {
  return { ...close, totals: totals.map(({ categories: all, ...each }) => ({ ...each, categories: [...all] })) };
}

function refusedClose(c: Context, { code, ...about }: CloseRefusal): Response {
  return problem(c, code, about.month === undefined ? {} : { about });
}
