import { z } from '@hono/zod-openapi';
import { expiryOf } from '../../domain/payment/validity.js';
import { field, saysHowLong, saysOnceHowLong, shownBeside } from '../http/requestFields.js';
import { changingCall } from './send.js';

export const extendCall = changingCall({
  operationId: 'extend',
  summary: 'Move its expiry to a later time, or to never',
  permission: 'manage',
  body: z
    .strictObject({
      customerId: field.customerId,
      expiresAt: field.expiresAt.optional(),
      validThrough: field.validThrough.optional(),
      reason: field.reason,
      againstLawBecause: field.againstLawBecause,
      staffId: field.staffId,
    })
    .refine(...saysOnceHowLong)
    .refine(...saysHowLong)
    .openapi('Extend', {
      ...shownBeside.justOne,
      example: { customerId: 'C-1001', expiresAt: '2031-12-31', reason: 'goodwill' },
    }),
  done: 'Extended',
  wish: ({ expiresAt, validThrough, ...said }, { shop }) => ({
    kind: 'extend',
    ...said,
    expiresAt: expiryOf({ expiresAt, validThrough }, shop.calendar),
  }),
});
