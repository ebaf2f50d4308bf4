import { z } from '@hono/zod-openapi';
import { movesOrKeeps } from '../../workflows/payment/fields.js';
import { field, shownBeside } from '../http/requestFields.js';
import { usageCall } from './send.js';

export const refundCall = usageCall({
  operationId: 'refund',
  summary: 'Give back to it what a sale took',
  permission: 'spend',
  body: z
    .strictObject({
      customerId: field.customerId,
      amountMinor: field.noneOrAmountMinor.meta({
        description: "What goes back, in the currency's minor unit. 0 when all of it is kept",
        example: 1_000,
      }),
      keptMinor: field.keptMinor,
      currency: field.currency,
      saleId: field.saleId,
      saleShopId: field.saleShopId,
      reason: field.optionalReason,
      staffId: field.staffId,
    })
    .refine(...movesOrKeeps)
    .openapi('Refund', {
      ...shownBeside.movesOrKeeps,
      example: {
        customerId: 'C-1001',
        amountMinor: 1_000,
        currency: 'EUR',
        saleId: 'S-2001',
        reason: 'returned one of two',
      },
    }),
  done: 'Given back',
  wish: ({ saleShopId, ...said }, { shop }) => ({ kind: 'refund', saleShopId: saleShopId ?? shop.shopId, ...said }),
});
