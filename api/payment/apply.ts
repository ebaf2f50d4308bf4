import { z } from '@hono/zod-openapi';
import { field } from '../http/requestFields.js';
import { usageCall } from './send.js';

export const applyCall = usageCall({
  operationId: 'apply',
  summary: 'Spend some of it on a sale',
  permission: 'spend',
  body: z
    .strictObject({
      customerId: field.customerId,
      amountMinor: field.amountMinor,
      currency: field.currency,
      saleId: field.saleId,
      saleShopId: field.saleShopId,
      lines: field.lines,
      takenMinor: field.takenMinor,
      staffId: field.staffId,
    })
    .openapi('Apply', { example: { customerId: 'C-1001', amountMinor: 2_500, currency: 'EUR', saleId: 'S-2001' } }),
  done: 'Spent',
  wish: ({ saleShopId, ...said }, { shop }) => ({ kind: 'apply', saleShopId: saleShopId ?? shop.shopId, ...said }),
});
