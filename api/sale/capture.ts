import { createRoute, z } from '@hono/zod-openapi';
import { across, fields } from '../../workflows/fields.js';
import { sharesSchema } from '../../workflows/sale/messages.js';
import { allow } from '../http/access.js';
import { createCalls, type App } from '../http/calls.js';
import type { Parts } from '../../service/parts.js';
import { saleAnswerSchema, saleLink, saleLinks, saleParam, shareExample } from './schemas.js';
import { answers, commandHeaders, f, json, otherwise } from '../payment/schemas.js';
import { sendToSale } from './send.js';

const HOLD_EXAMPLE = 'aPHZ3-pTrF0jQm0tLJjzq4l7z3tZ5dQ6cXb0o1W2e3R';

const holdId = f.holdId.meta({
  description: '`holdId` of the sale as it was held: one that comes late then meets no later hold',
});

type Rest = { keepRest?: boolean | undefined; heldUntil?: string | undefined };

const captureBody = z
  .strictObject({
    holdId,
    payments: sharesSchema
      .optional()
      .meta({ description: 'What each gives, and those left out give nothing; without it, all that is held' }),
    keepRest: z.boolean().optional().meta({ description: 'What is not taken stays held, for another delivery' }),
    heldUntil: fields.instant.optional().meta({
      type: 'string',
      format: 'date-time',
      description: 'With `keepRest`: until when, at most 60 days from now. Then the rest is let go',
      example: '2026-12-24T12:00:00Z',
    }),
    saleShopId: f.saleShopId,
    staffId: f.staffId,
  })
  .refine(
    ...across(
      ({ keepRest, heldUntil }: Rest) => keepRest !== true || heldUntil !== undefined,
      'missing_field',
      'heldUntil',
    ),
  )
  .refine(
    ...across(
      ({ keepRest, heldUntil }: Rest) => keepRest === true || heldUntil === undefined,
      'missing_field',
      'keepRest',
    ),
  )
  .openapi('Capture', { example: { holdId: HOLD_EXAMPLE, payments: [shareExample] } });

const captureRoute = createRoute({
  method: 'post',
  path: '/sales/{saleId}/capture',
  operationId: 'captureSale',
  summary: 'Complete it: take what is held, or less',
  middleware: [allow('spend')] as const,
  request: { params: saleParam, headers: commandHeaders, body: json(captureBody) },
  responses: { 200: answers('Completed', saleAnswerSchema, saleLinks), ...otherwise },
});

const releaseRoute = createRoute({
  method: 'post',
  path: '/sales/{saleId}/release',
  operationId: 'releaseSale',
  summary: 'Let go of what is held',
  middleware: [allow('spend')] as const,
  request: {
    params: saleParam,
    headers: commandHeaders,
    body: json(
      z
        .strictObject({ holdId, saleShopId: f.saleShopId, staffId: f.staffId })
        .openapi('Release', { example: { holdId: HOLD_EXAMPLE } }),
    ),
  },
  responses: { 200: answers('Released', saleAnswerSchema, saleLink), ...otherwise },
});

export function captureCall(parts: Parts): App {
  return createCalls().openapi(captureRoute, async (c) => {
    const { keepRest: _, ...told } = c.req.valid('json');
    return sendToSale(c, parts, { kind: 'capture', ...told });
  });
}

export function releaseCall(parts: Parts): App {
  return createCalls().openapi(releaseRoute, async (c) => {
    return sendToSale(c, parts, { kind: 'release', ...c.req.valid('json') });
  });
}
