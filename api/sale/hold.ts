import { createRoute, z } from '@hono/zod-openapi';
import { fitsBasket, holdLifetimeMs } from '../../workflows/sale/messages.js';
import { allow } from '../http/access.js';
import { createCalls, type App } from '../http/calls.js';
import type { Parts } from '../../service/parts.js';
import {
  basket,
  basketExample,
  holdAnswerSchema,
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

const settled = {
  ...basket,
  payments: shares,
  takenMinor,
  lifetimeMs: holdLifetimeMs.meta({ description: 'How long the holds last: 15 minutes, at most 24 hours' }),
  staffId: f.staffId,
};
const example = { ...basketExample, payments: [shareExample] };

const settleBody = z
  .strictObject(settled)
  .refine(...inOneCurrency)
  .refine(...fitsBasket)
  .openapi('Settle', { example });

const replaces = f.holdId.optional().meta({
  description: '`holdId` of an open hold of this sale: this one takes its place in one step, or it stays as it was',
});
const holdBody = z
  .strictObject({ ...settled, replaces })
  .refine(...inOneCurrency)
  .refine(...fitsBasket)
  .openapi('Hold', { example });

const holdRoute = createRoute({
  method: 'post',
  path: '/sales/{saleId}/hold',
  operationId: 'holdSale',
  summary: 'Reserve what the cashier picked, all of it or nothing, while the rest is paid',
  middleware: [allow('spend')] as const,
  request: { params: saleParam, headers: commandHeaders, body: json(holdBody) },
  responses: { 200: answers('Held', holdAnswerSchema, saleLink), ...otherwise },
});

const settleRoute = createRoute({
  method: 'post',
  path: '/sales/{saleId}/settle',
  operationId: 'settleSale',
  summary: 'Hold and capture in one request, all of it or nothing',
  middleware: [allow('spend')] as const,
  request: { params: saleParam, headers: commandHeaders, body: json(settleBody) },
  responses: { 200: answers('Completed', saleAnswerSchema, saleLinks), ...otherwise },
});

export function holdSaleCall(parts: Parts): App {
  return createCalls().openapi(holdRoute, async (c) => {
    const { lines, ...told } = c.req.valid('json');
    return sendToSale(c, parts, { kind: 'hold', ...told, lines: plainLines(lines) });
  });
}

export function settleCall(parts: Parts): App {
  return createCalls().openapi(settleRoute, async (c) => {
    const { lines, ...told } = c.req.valid('json');
    return sendToSale(c, parts, { kind: 'settle', ...told, lines: plainLines(lines) });
  });
}
