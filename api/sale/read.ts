import { createRoute, z } from '@hono/zod-openapi';
import { allow } from '../http/access.js';
import { createCalls, type App, type Parts } from '../http/calls.js';
import { problem } from '../http/problems.js';
import { saleLinks, saleParam, saleSchema } from './schemas.js';
import { answers, otherwise } from '../payment/schemas.js';
import { NO_ACTOR } from '../../service/temporal.js';

const route = createRoute({
  method: 'get',
  path: '/sales/{saleId}',
  operationId: 'readSale',
  summary: 'Read a sale, from its actor: for as long as it takes returns',
  middleware: [allow('read')] as const,
  request: { params: saleParam },
  responses: { 200: answers('It is there', z.object({ sale: saleSchema }), saleLinks), ...otherwise },
});

export function readSaleCall({ actors }: Parts): App {
  return createCalls().openapi(route, async (c) => {
    const { saleId } = c.req.valid('param');
    const sale = await actors.sale(saleId);
    if (sale !== NO_ACTOR && sale !== null) return c.json({ sale }, 200);
    return problem(c, 'sale_not_found');
  });
}
