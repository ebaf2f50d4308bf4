import { z } from '@hono/zod-openapi';
import type { Parts } from '../../service/parts.js';
import { reinstatePayment, reissuePayment } from '../../service/payment/replace.js';
import { createCalls, type App } from '../http/calls.js';
import { keyed } from '../http/idempotency.js';
import { field, referenceParam, saysOnceHowLong, shownBeside } from '../http/requestFields.js';
import { keyedRoute } from '../http/routes.js';
import { answerIssued, issuedAnswers } from './issued.js';

const answers = issuedAnswers('Issued anew; Location names the new one');

const reinstateRoute = keyedRoute({
  path: '/account-payments/{reference}/reinstate',
  operationId: 'reinstate',
  summary: "Issue again, once, what has expired or was forfeited. Without an expiry the shop's setting counts",
  permission: 'manage',
  params: referenceParam,
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
    .openapi('Reinstate', { ...shownBeside.notBoth, example: { customerId: 'C-1001', reason: 'was in hospital' } }),
  answers,
});

const reissueRoute = keyedRoute({
  path: '/account-payments/{reference}/reissue',
  operationId: 'reissue',
  summary: 'End a payment that has had too many commands, and issue what it has left as a new one',
  permission: 'manage',
  params: referenceParam,
  body: z
    .strictObject({ customerId: field.customerId, reason: field.reason, staffId: field.staffId })
    .openapi('Reissue', { example: { customerId: 'C-1001', reason: 'worn out' } }),
  answers,
});

export function reinstateCall(parts: Parts): App {
  return createCalls().openapi(reinstateRoute, async (c) => {
    const { staffId, againstLawBecause, ...wish } = c.req.valid('json');
    const { reference } = c.req.valid('param');
    return keyed(c, staffId, async (asking) =>
      answerIssued(c, await reinstatePayment(parts, { ...asking, againstLawBecause }, reference, wish)),
    );
  });
}

export function reissueCall(parts: Parts): App {
  return createCalls().openapi(reissueRoute, async (c) => {
    const { staffId, ...wish } = c.req.valid('json');
    const { reference } = c.req.valid('param');
    return keyed(c, staffId, async (asking) => answerIssued(c, await reissuePayment(parts, asking, reference, wish)));
  });
}
