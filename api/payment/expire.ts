import { z } from '@hono/zod-openapi';
import { field } from '../http/requestFields.js';
import { changingCall } from './send.js';

export const expireCall = changingCall({
  operationId: 'expire',
  summary: 'Expire it by hand, now',
  permission: 'manage',
  body: z
    .strictObject({ reason: field.reason, againstLawBecause: field.againstLawBecause, staffId: field.staffId })
    .openapi('Expire', { example: { reason: 'agreed with the customer' } }),
  done: 'Expired',
  wish: (said) => ({ kind: 'expire', cause: 'asked', ...said }),
});
