import { createRoute, z } from '@hono/zod-openapi';
import type { HoldSale, SettleSale } from '../../domain/sale/sale.js';
import { fitsBasket, holdLifetimeMs } from '../../workflows/sale/messages.js';
import { allow } from '../http/access.js';
import { createCalls, type App, type Parts } from '../http/calls.js';
import {
  basket,
  basketExample,
  inOneCurrency,
  plainLines,
  saleAnswerSchema,
  saleLink,
  saleLinks,
  saleParam,
  shareExample,
  shares,
  takenMinor,
} from './schemas.js';
import { answers, commandHeaders, f, json, otherwise } from '../payment/schemas.js';
import { sendToSale } from './send.js';

const body = z
  .strictObject({
    ...basket,
    payments: shares,
    takenMinor,
    lifetimeMs: holdLifetimeMs.meta({ description: 'How long the holds last: 15 minutes, at most 24 hours' }),
    staffId: f.staffId,
  })
  .refine(...inOneCurrency)
  .refine(...fitsBasket)
  .openapi('Settle', { example: { ...basketExample, payments: [shareExample] } });

const holdRoute = createRoute({
  method: 'post',
  path: '/sales/{saleId}/hold',
  operationId: 'holdSale',
  summary: 'Reserve what the cashier picked, all of it or nothing, while the rest is paid',
  middleware: [allow('spend')] as const,
  request: { params: saleParam, headers: commandHeaders, body: json(body) },
  responses: { 200: answers('Held', saleAnswerSchema, saleLink), ...otherwise },
});

const settleRoute = createRoute({
  method: 'post',
  path: '/sales/{saleId}/settle',
  operationId: 'settleSale',
  summary: 'Hold and capture in one request, all of it or nothing',
  middleware: [allow('spend')] as const,
  request: { params: saleParam, headers: commandHeaders, body: json(body) },
  responses: { 200: answers('Completed', saleAnswerSchema, saleLinks), ...otherwise },
});

export function holdSaleCall(parts: Parts): App {
  return createCalls().openapi(holdRoute, async (c) => {
    const { staffId, lines, ...told } = c.req.valid('json');
    return sendToSale<HoldSale>(c, parts, { kind: 'hold', body: { ...told, lines: plainLines(lines) }, staffId });
  });
}

export function settleCall(parts: Parts): App {
  return createCalls().openapi(settleRoute, async (c) => {
    const { staffId, lines, ...told } = c.req.valid('json');
    return sendToSale<SettleSale>(c, parts, { kind: 'settle', body: { ...told, lines: plainLines(lines) }, staffId });
  });
}
