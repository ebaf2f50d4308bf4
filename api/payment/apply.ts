import { createRoute, z } from '@hono/zod-openapi';
import { allow } from '../http/access.js';
import { createCalls, type App } from '../http/calls.js';
import type { Parts } from '../../service/parts.js';
import {
  acceptedSchema,
  answers,
  commandHeaders,
  f,
  json,
  linksOfPayment,
  otherwise,
  referenceParam,
  usedSchema,
} from './schemas.js';
import { send, showUsage } from './send.js';

const body = z
  .strictObject({
    customerId: f.customerId,
    amountMinor: f.amountMinor,
    currency: f.currency,
    saleId: f.saleId,
    saleShopId: f.saleShopId,
    lines: f.lines,
    takenMinor: f.takenMinor,
    staffId: f.staffId,
  })
  .openapi('Apply', { example: { customerId: 'C-1001', amountMinor: 2_500, currency: 'EUR', saleId: 'S-2001' } });

const route = createRoute({
  method: 'post',
  path: '/account-payments/{reference}/apply',
  operationId: 'apply',
  summary: 'Spend some of it on a sale',
  middleware: [allow('spend')] as const,
  request: { params: referenceParam, headers: commandHeaders, body: json(body) },
  responses: {
    200: answers('Spent', usedSchema, linksOfPayment('/payment/reference')),
    202: answers('Sent as a signal; Location tells what becomes of it', acceptedSchema),
    ...otherwise,
  },
});

export function applyCall(parts: Parts): App {
  return createCalls().openapi(route, async (c) => {
    const { saleShopId = c.get('caller').shop.shopId, ...told } = c.req.valid('json');
    return send(c, parts, { kind: 'apply', saleShopId, ...told }, showUsage);
  });
}
