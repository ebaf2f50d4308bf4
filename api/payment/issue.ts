import { createRoute, z } from '@hono/zod-openapi';
import { misfitOf, purposes, scopeOf, types, type Purpose, type Scope } from '../../domain/payment/command.js';
import type { Parts } from '../../service/parts.js';
import { issuePayment } from '../../service/payment/issue.js';
import { across } from '../../workflows/fields.js';
import { allow } from '../http/access.js';
import { firstFundings, misfitOfFunding, taxPoints, type FundingSaid } from '../../domain/payment/funding.js';
import type { RefusalCode } from '../../domain/refusals.js';
import { createCalls, type App } from '../http/calls.js';
import { keyed } from '../http/idempotency.js';
import { answerRefusal } from '../http/problems.js';
import { answerIssued } from './replace.js';
import {
  answers,
  commandHeaders,
  f,
  issuedSchema,
  json,
  linksOfPayment,
  otherwise,
  saysOnceHowLong,
} from './schemas.js';

type Kind = { type: Scope['type']; productId?: string | undefined };

type Said = FundingSaid & { purpose: Purpose };
const fits = (said: Said, misfit: RefusalCode) => misfitOfFunding(said.purpose, said) !== misfit;

const body = z
  .strictObject({
    customerId: f.customerId,
    type: z.enum(types),
    productId: f.productId.optional(),
    purpose: z.enum(purposes),
    amountMinor: f.amountMinor,
    currency: f.currency,
    expiresAt: f.expiresAt.optional(),
    validThrough: f.validThrough.optional(),
    funding: z
      .enum(firstFundings)
      .optional()
      .meta({ description: 'Unless said: store credit is of a `return`, all else was `paid`' }),
    tender: f.tender.optional().meta({ description: 'How it was paid; `other` unless said' }),
    receiptId: f.saleId.optional().meta({ description: 'Of the goods that came back', example: 'R-77' }),
    taxPoint: z
      .enum(taxPoints)
      .optional()
      .meta({ description: 'When the tax falls due; unless said, `issue` for a product-specific deposit' }),
    taxCode: f.taxCode.optional(),
    notes: f.notes,
    staffId: f.staffId,
  })
  .refine(...saysOnceHowLong)
  .refine(...across((kind: Kind) => misfitOf(kind) !== 'product_id_required', 'product_id_required', 'productId'))
  .refine(...across((kind: Kind) => misfitOf(kind) !== 'product_id_not_allowed', 'product_id_not_allowed', 'productId'))
  .refine(...across((said: Said) => fits(said, 'tender_not_allowed'), 'tender_not_allowed', 'tender'))
  .refine(...across((said: Said) => fits(said, 'receipt_id_not_allowed'), 'receipt_id_not_allowed', 'receiptId'))
  .openapi('Issue', {
    example: {
      customerId: 'C-1001',
      type: 'generic',
      purpose: 'deposit',
      amountMinor: 10_000,
      currency: 'EUR',
      expiresAt: '2030-12-31',
    },
  });

const route = createRoute({
  method: 'post',
  path: '/account-payments',
  operationId: 'issue',
  summary: 'Issue an account payment',
  middleware: [allow('issue')] as const,
  request: { headers: commandHeaders, body: json(body) },
  responses: {
    201: answers('Issued; Location names it', issuedSchema, linksOfPayment('/payment/reference')),
    ...otherwise,
  },
});

export function issueCall(parts: Parts): App {
  return createCalls().openapi(route, async (c) => {
    const { staffId, type, productId, ...wanted } = c.req.valid('json');
    return keyed(c, staffId, async (asking) => {
      const result = await issuePayment(parts, asking, { ...wanted, scope: scopeOf(type, productId) });
      return result.outcome === 'refused' ? answerRefusal(c, result) : answerIssued(c, result);
    });
  });
}
