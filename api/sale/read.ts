import { z } from '@hono/zod-openapi';
import { createCalls, type App } from '../http/calls.js';
import type { Parts } from '../../service/parts.js';
import { problem } from '../http/problems.js';
import { saleLinks, saleParam, saleReadSchema } from './schemas.js';
import { readAnySale } from '../../service/sale/read.js';
import { answers } from '../http/documents.js';
import { field } from '../http/requestFields.js';
import { readingRoute } from '../http/routes.js';

const route = readingRoute({
  path: '/sales/{saleId}',
  operationId: 'readSale',
  summary: 'Read a sale. Its payments tell what it took and got back',
  request: { params: saleParam, query: z.strictObject({ saleShopId: field.saleShopId }) },
  answer: answers('It is there', z.object({ sale: saleReadSchema }), saleLinks),
});

export function readSaleCall(parts: Parts): App {
  return createCalls().openapi(route, async (c) => {
    const { saleId } = c.req.valid('param');
    const { saleShopId = c.get('caller').shop.shopId } = c.req.valid('query');
    const sale = await readAnySale(parts, { saleShopId, saleId });
    return sale ? c.json({ sale }, 200) : problem(c, 'sale_not_found');
  });
}
