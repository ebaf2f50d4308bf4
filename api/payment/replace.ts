import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Parts } from '../../service/parts.js';
import type { Issued } from '../../service/payment/issue.js';
import { reinstatePayment, reissuePayment } from '../../service/payment/replace.js';
import { allow, type Variables } from '../http/access.js';
import { createCalls, type App } from '../http/calls.js';
import { keyed } from '../http/idempotency.js';
import { answerRefusal, markReplayed, problem } from '../http/problems.js';
import {
  answers,
  commandHeaders,
  f,
  issuedSchema,
  json,
  linksOfPayment,
  otherwise,
  referenceParam,
  saysOnceHowLong,
} from './schemas.js';

const reinstateBody = z
  .strictObject({
    customerId: f.customerId,
    expiresAt: f.expiresAt.optional(),
    validThrough: f.validThrough.optional(),
    reason: f.reason,
    staffId: f.staffId,
  })
  .refine(...saysOnceHowLong)
  .openapi('Reinstate', { example: { customerId: 'C-1001', reason: 'was in hospital' } });

const reissueBody = z
  .strictObject({ customerId: f.customerId, reason: f.reason, staffId: f.staffId })
  .openapi('Reissue', { example: { customerId: 'C-1001', reason: 'worn out' } });

const responses = {
  201: answers('Issued anew; Location names the new one', issuedSchema, linksOfPayment('/payment/reference')),
  ...otherwise,
};

const reinstateRoute = createRoute({
  method: 'post',
  middleware: [allow('manage')] as const,
  responses,
  path: '/account-payments/{reference}/reinstate',
  operationId: 'reinstate',
  summary: 'Issue anew, once, what has expired or was forfeited; good for as long as the shop sets unless said',
  request: { params: referenceParam, headers: commandHeaders, body: json(reinstateBody) },
});

const reissueRoute = createRoute({
  method: 'post',
  middleware: [allow('manage')] as const,
  responses,
  path: '/account-payments/{reference}/reissue',
  operationId: 'reissue',
  summary: 'End it and issue what it has left anew: for one that has had too many commands',
  request: { params: referenceParam, headers: commandHeaders, body: json(reissueBody) },
});

export function reinstateCall(parts: Parts): App {
  return createCalls().openapi(reinstateRoute, async (c) => {
    const { staffId, ...wish } = c.req.valid('json');
    return keyed(c, staffId, async (asking) => {
      const result = await reinstatePayment(parts, asking, c.req.valid('param').reference, wish);
      return result.outcome === 'refused' ? answerRefusal(c, result) : answerIssued(c, result);
    });
  });
}

export function reissueCall(parts: Parts): App {
  return createCalls().openapi(reissueRoute, async (c) => {
    const { staffId, ...wish } = c.req.valid('json');
    return keyed(c, staffId, async (asking) => {
      const result = await reissuePayment(parts, asking, c.req.valid('param').reference, wish);
      switch (result.outcome) {
        case 'issued':
          return answerIssued(c, result);
        case 'refused':
          return answerRefusal(c, result);
        case 'forbidden':
          return problem(c, 'forbidden');
        case 'unanswered':
          return problem(c, result.code);
      }
    });
  });
}

/** Of every call that issues. */
export function answerIssued(c: Context<Variables>, { payment, recorded, delivery }: Issued): Response {
  markReplayed(c, delivery);
  c.header('Location', `/v1/account-payments/${payment.reference}`);
  return c.json({ payment, recorded }, 201);
}
