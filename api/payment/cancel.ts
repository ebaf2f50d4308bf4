import { z } from '@hono/zod-openapi';
import { saysHowPaidOut, saysNoTenderElse } from '../../workflows/payment/fields.js';
import { askedDispositions } from '../../domain/payment/command.js';
import { field, shownBeside } from '../http/requestFields.js';
import { changingCall } from './send.js';

export const cancelCall = changingCall({
  operationId: 'cancel',
  summary: 'End it, and say what became of the money',
  permission: 'manage',
  body: z
    .strictObject({
      customerId: field.customerId,
      disposition: z.enum(askedDispositions),
      tender: field.tender.optional(),
      reason: field.reason,
      againstLawBecause: field.againstLawBecause,
      staffId: field.staffId,
    })
    .refine(...saysHowPaidOut)
    .refine(...saysNoTenderElse)
    .openapi('Cancel', {
      ...shownBeside.tenderWhenPaidOut,
      example: { customerId: 'C-1001', disposition: 'paid_out', tender: 'cash', reason: 'the customer asked for cash' },
    }),
  done: 'Cancelled',
  wish: (said) => ({ kind: 'cancel', ...said }),
});
