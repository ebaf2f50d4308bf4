import { z } from '@hono/zod-openapi';
import { misfitOf, purposes, scopeOf, types, type Purpose, type Scope } from '../../domain/payment/command.js';
import type { Parts } from '../../service/parts.js';
import { issuePayment } from '../../service/payment/issue.js';
import { across } from '../../workflows/fields.js';
import { firstFundings, misfitOfFunding, taxPoints, type FundingSaid } from '../../domain/payment/funding.js';
import type { RefusalCode } from '../../domain/refusals.js';
import { createCalls, type App } from '../http/calls.js';
import { keyed } from '../http/idempotency.js';
import { answerIssued, issuedAnswers } from './issued.js';
import { field, saysOnceHowLong, shownBeside } from '../http/requestFields.js';
import { keyedRoute } from '../http/routes.js';

type Kind = { type: Scope['type']; productId?: string | undefined };

type Said = FundingSaid & { purpose: Purpose };
const fits = (said: Said, misfit: RefusalCode) => misfitOfFunding(said.purpose, said) !== misfit;

const isStoreCredit = { properties: { purpose: { const: 'store_credit' } } };
const paidFor = {
  anyOf: [
    { properties: { funding: { const: 'paid' } }, required: ['funding'] },
    { not: { anyOf: [{ required: ['funding'] }, isStoreCredit] } },
  ],
};
const cameBack = {
  anyOf: [
    { properties: { funding: { const: 'return' } }, required: ['funding'] },
    { not: { required: ['funding'] }, ...isStoreCredit },
  ],
};

const body = z
  .strictObject({
    customerId: field.customerId,
    type: z.enum(types),
    productId: field.productId.optional(),
    purpose: z.enum(purposes),
    amountMinor: field.amountMinor,
    currency: field.currency,
    expiresAt: field.expiresAt.optional(),
    validThrough: field.validThrough.optional(),
    funding: z
      .enum(firstFundings)
      .optional()
      .meta({ description: 'Default: `return` for store credit, `paid` for everything else' }),
    tender: field.tender.optional().meta({ description: 'How it was paid. Default: `other`' }),
    receiptId: field.saleId.optional().meta({ description: 'Of the goods that came back', example: 'R-77' }),
    taxPoint: z.enum(taxPoints).optional().meta({
      description: 'When the tax falls due. Default: `issue` for a product-specific deposit, else `redemption`',
    }),
    taxCode: field.taxCode.optional(),
    notes: field.notes,
    againstLawBecause: field.againstLawBecause,
    staffId: field.staffId,
  })
  .refine(...saysOnceHowLong)
  .refine(...across((kind: Kind) => misfitOf(kind) !== 'product_id_required', 'product_id_required', 'productId'))
  .refine(...across((kind: Kind) => misfitOf(kind) !== 'product_id_not_allowed', 'product_id_not_allowed', 'productId'))
  .refine(...across((said: Said) => fits(said, 'tender_not_allowed'), 'tender_not_allowed', 'tender'))
  .refine(...across((said: Said) => fits(said, 'receipt_id_not_allowed'), 'receipt_id_not_allowed', 'receiptId'))
  .openapi('Issue', {
    allOf: [
      shownBeside.notBoth,
      {
        oneOf: [
          { properties: { type: { const: 'product_specific' } }, required: ['productId'] },
          { properties: { type: { const: 'generic' } }, not: { required: ['productId'] } },
        ],
      },
      // Only what was paid for has a tender, and only a return a receipt. Store credit is a return unless said.
      { anyOf: [{ not: { required: ['tender'] } }, paidFor] },
      { anyOf: [{ not: { required: ['receiptId'] } }, cameBack] },
    ],
    example: {
      customerId: 'C-1001',
      type: 'generic',
      purpose: 'deposit',
      amountMinor: 10_000,
      currency: 'EUR',
      expiresAt: '2030-12-31',
    },
  });

const route = keyedRoute({
  path: '/account-payments',
  operationId: 'issue',
  summary: 'Issue an account payment',
  permission: 'issue',
  params: z.object({}),
  body: body,
  answers: issuedAnswers('Issued; Location names it'),
});

export function issueCall(parts: Parts): App {
  return createCalls().openapi(route, async (c) => {
    const { staffId, againstLawBecause, type, productId, ...wanted } = c.req.valid('json');
    const scope = scopeOf(type, productId);
    return keyed(c, staffId, async (asking) =>
      answerIssued(c, await issuePayment(parts, { ...asking, againstLawBecause }, { ...wanted, scope })),
    );
  });
}
