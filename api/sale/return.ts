import { z } from '@hono/zod-openapi';
import { authorityOf } from '../../domain/roles.js';
import { returnOrders } from '../../domain/sale/sale.js';
import { namesOneExtent, ordersLines } from '../../workflows/sale/fields.js';
import { answers } from '../http/documents.js';
import { field } from '../http/requestFields.js';
import { ofSale, returnAnswerSchema, saleLinks } from './schemas.js';
import { saleCall } from './send.js';

const body = z
  .strictObject({
    ...ofSale,
    currency: field.currency,
    amountMinor: field.amountMinor.optional().meta({
      description: 'How much goes back. Without it: what the lines come to, or all that has not gone back yet',
    }),
    keptMinor: field.keptMinor,
    lines: field.lines.meta({
      description: 'The goods that come back. The money goes to the payment that paid for the product',
    }),
    order: z.enum(returnOrders).optional().meta({
      description:
        'Goes with `lines`: what goes back first for them, credit (the default) or another tender. Without them it is a 400',
    }),
    payments: field.shares.optional().meta({
      description: 'How much each account payment gets back. Together with `lines` or `amountMinor` it is a 400',
    }),
    preview: z.boolean().default(false).meta({ description: 'Only tells what would happen' }),
    reason: field.optionalReason,
    saleShopId: field.saleShopId,
    staffId: field.staffId,
  })
  .refine(...namesOneExtent)
  .refine(...ordersLines)
  .openapi('ReturnSale', {
    example: {
      customerId: 'C-1001',
      currency: 'EUR',
      lines: [{ productId: 'BIKE-7', amountMinor: 2_500 }],
      reason: 'too small',
    },
  });

export const returnSaleCall = saleCall({
  path: 'return',
  summary: 'Return it, in full or in part: back to the payments it came from, last used first',
  body: body,
  answer: answers('Given back; `return` lists what went where', returnAnswerSchema, saleLinks),
  wish: ({ preview, ...said }, { role }) => ({
    kind: 'return',
    ...said,
    authority: authorityOf(role),
    extent: preview ? 'preview' : 'carried_out',
  }),
});
