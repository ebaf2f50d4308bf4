import { createRoute, z } from '@hono/zod-openapi';
import { quoteSale } from '../../service/sale/quote.js';
import { allow } from '../http/access.js';
import { createCalls, type App } from '../http/calls.js';
import type { Parts } from '../../service/parts.js';
import { basket, basketExample, inOneCurrency, saleParam } from './schemas.js';
import { answers, json, otherwiseWithBody } from '../http/documents.js';

const body = z
  .strictObject(basket)
  .refine(...inOneCurrency)
  .openapi('Basket', { example: basketExample });

const quoteSchema = z
  .object({
    saleId: z.string().openapi({ example: 'S-2001' }),
    currency: z.string().openapi({ example: 'EUR' }),
    totalMinor: z.int().openapi({ example: 30_000 }),
    coveredMinor: z.int().openapi({ example: 2_500 }),
    takenMinor: z
      .int()
      .openapi({ example: 0, description: 'What the sale has taken already. Send it along with the hold' }),
    leftToPayMinor: z.int().openapi({ example: 27_500 }),
    payments: z.array(
      z.object({
        reference: z.string().openapi({ example: 'ACC-20261123-7KQ2M9XB' }),
        amountMinor: z.int().openapi({ example: 2_500 }),
        takenMinor: z.int().openapi({ example: 0, description: 'What the sale has taken of it already' }),
      }),
    ),
  })
  .openapi('Quote');

const route = createRoute({
  method: 'post',
  path: '/sales/{saleId}/quote',
  operationId: 'quoteSale',
  summary: 'Tell which payments to use for a basket, how much of each, and what is left to pay. Changes nothing',
  middleware: [allow('read')] as const,
  request: { params: saleParam, body: json(body) },
  responses: {
    200: answers('A proposal, as `payments` of a hold or settlement take it', quoteSchema),
    ...otherwiseWithBody,
  },
});

export function quoteCall(parts: Parts): App {
  return createCalls().openapi(route, async (c) => {
    const { saleId } = c.req.valid('param');
    const basket = c.req.valid('json');
    const sale = { saleShopId: c.get('caller').shop.shopId, saleId };
    return c.json({ saleId, currency: basket.currency, ...(await quoteSale(parts, sale, basket)) }, 200);
  });
}
