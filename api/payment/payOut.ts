import { z } from '@hono/zod-openapi';
import { field } from '../http/requestFields.js';
import { changingCall } from './send.js';

export const payOutCall = changingCall({
  operationId: 'payOut',
  path: 'pay-out',
  summary: 'Pay some of it out over the counter',
  permission: 'manage',
  body: z
    .strictObject({
      customerId: field.customerId,
      amountMinor: field.amountMinor,
      currency: field.currency,
      tender: field.tender,
      reason: field.reason,
      againstLawBecause: field.againstLawBecause,
      staffId: field.staffId,
    })
    .openapi('PayOut', {
      example: { customerId: 'C-1001', amountMinor: 1_000, currency: 'EUR', tender: 'cash', reason: 'asked for cash' },
    }),
  done: 'Paid out',
  wish: (said) => ({ kind: 'payOut', ...said }),
});
