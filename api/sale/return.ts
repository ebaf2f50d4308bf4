import { createRoute, z } from '@hono/zod-openapi';
import { authorityOf } from '../../domain/roles.js';
import { returnOrders } from '../../domain/sale/sale.js';
import { sharesSchema } from '../../workflows/sale/messages.js';
import { allow } from '../http/access.js';
import { createCalls, type App } from '../http/calls.js';
import type { Parts } from '../../service/parts.js';
import { returnAnswerSchema, saleLinks, saleParam } from './schemas.js';
import { answers, commandHeaders, f, json, otherwise } from '../payment/schemas.js';
import { sendToSale } from './send.js';

const body = z
  .strictObject({
    currency: f.currency,
    amountMinor: f.amountMinor
      .optional()
      .meta({ description: 'Without it, what the lines come to, or all that has not gone back yet' }),
    keptMinor: f.keptMinor,
    lines: f.lines.meta({ description: 'What comes back: it goes to the payment that paid for its product' }),
    order: z
      .enum(returnOrders)
      .optional()
      .meta({ description: 'Whether credit (unless said) or another tender goes back first for these lines' }),
    payments: sharesSchema.optional().meta({ description: 'How much each account payment gets back' }),
    preview: z.boolean().default(false).meta({ description: 'Only tells what would happen' }),
    reason: f.optionalReason,
    saleShopId: f.saleShopId,
    staffId: f.staffId,
  })
  .openapi('ReturnSale', {
    example: { currency: 'EUR', lines: [{ productId: 'BIKE-7', amountMinor: 2_500 }], reason: 'too small' },
  });

const route = createRoute({
  method: 'post',
  path: '/sales/{saleId}/return',
  operationId: 'returnSale',
  summary: 'Return it, in full or in part: back to the payments it came from, last used first',
  middleware: [allow('spend')] as const,
  request: { params: saleParam, headers: commandHeaders, body: json(body) },
  responses: {
    200: answers('Given back; `return` lists what went where', returnAnswerSchema, saleLinks),
    ...otherwise,
  },
});

export function returnSaleCall(parts: Parts): App {
  return createCalls().openapi(route, async (c) => {
    const { preview, ...told } = c.req.valid('json');
    const authority = authorityOf(c.get('caller').role);
    return sendToSale(c, parts, { kind: 'return', ...told, authority, extent: preview ? 'preview' : 'carried_out' });
  });
}
