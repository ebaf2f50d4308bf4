import { z } from '@hono/zod-openapi';
import { f } from '../http/requestFields.js';
import { usageCall } from './send.js';

export const applyCall = usageCall({
  operationId: 'apply',
  summary: 'Spend some of it on a sale',
  permission: 'spend',
  body: z
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
    .openapi('Apply', { example: { customerId: 'C-1001', amountMinor: 2_500, currency: 'EUR', saleId: 'S-2001' } }),
  done: 'Spent',
  wish: ({ saleShopId, ...said }, { shop }) => ({ kind: 'apply', saleShopId: saleShopId ?? shop.shopId, ...said }),
});
