import { createRoute, z } from '@hono/zod-openapi';
import { allow } from '../http/access.js';
import { createCalls, type App } from '../http/calls.js';
import type { Parts } from '../../service/parts.js';
import { problem } from '../http/problems.js';
import { saleLinks, saleParam, saleReadSchema } from './schemas.js';
import { answers, f, otherwise } from '../payment/schemas.js';
import { readSale } from '../../service/sale/read.js';

const route = createRoute({
  method: 'get',
  path: '/sales/{saleId}',
  operationId: 'readSale',
  summary: 'Read a sale; what it took and got back its payments say',
  middleware: [allow('read')] as const,
  request: { params: saleParam, query: z.strictObject({ saleShopId: f.saleShopId }) },
  responses: { 200: answers('It is there', z.object({ sale: saleReadSchema }), saleLinks), ...otherwise },
});

export function readSaleCall(parts: Parts): App {
  return createCalls().openapi(route, async (c) => {
    const { saleId } = c.req.valid('param');
    const { saleShopId = c.get('caller').shop.shopId } = c.req.valid('query');
    const sale = await readSale(parts, { saleShopId, saleId });
    return sale ? c.json({ sale }, 200) : problem(c, 'sale_not_found');
  });
}
