import { createRoute, z } from '@hono/zod-openapi';
import type { CaptureSale, ReleaseSale } from '../../domain/sale/sale.js';
import { allow } from '../http/access.js';
import { createCalls, type App, type Parts } from '../http/calls.js';
import { saleAnswerSchema, saleLink, saleLinks, saleParam, shareExample, shares } from './schemas.js';
import { answers, commandHeaders, f, json, otherwise } from '../payment/schemas.js';
import { sendToSale } from './send.js';

const holdId = f.holdId.meta({
  description: '`holdId` of the sale as it was held: one that comes late then meets no later hold',
});

const captureBody = z
  .strictObject({
    holdId,
    payments: shares
      .optional()
      .meta({ description: 'What each gives, and those left out give nothing; without it, all that is held' }),
    staffId: f.staffId,
  })
  .openapi('Capture', { example: { payments: [shareExample] } });

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
    body: json(z.strictObject({ holdId, staffId: f.staffId }).openapi('Release', { example: {} })),
  },
  responses: { 200: answers('Released', saleAnswerSchema, saleLink), ...otherwise },
});

export function captureCall(parts: Parts): App {
  return createCalls().openapi(captureRoute, async (c) => {
    const { staffId, ...told } = c.req.valid('json');
    return sendToSale<CaptureSale>(c, parts, { kind: 'capture', body: told, staffId });
  });
}

export function releaseCall(parts: Parts): App {
  return createCalls().openapi(releaseRoute, async (c) => {
    const { staffId, ...told } = c.req.valid('json');
    return sendToSale<ReleaseSale>(c, parts, { kind: 'release', body: told, staffId });
  });
}
