import { z } from '@hono/zod-openapi';
import { freezeCauses, purposes, tenders, types } from '../../domain/payment/command.js';
import { firstFundings, fundingKinds, replacementOrigins, taxPoints } from '../../domain/payment/funding.js';
import { movementKinds, statuses, usageKinds } from '../../domain/payment/payment.js';
import { warningsSchema } from '../law/schemas.js';
import { readSources } from '../../service/payment/read.js';

export const bySchema = z.object({ caller: z.string().openapi({ example: 'till-1' }), staffId: z.string().optional() });

const amount = (example: number) => z.int().openapi({ example });

const payment = {
  reference: z.string().openapi({ example: 'ACC-20261123-7KQ2M9XB' }),
  customerId: z.string().openapi({ example: 'C-1001' }),
  type: z.enum(types),
  productId: z.string().nullable(),
  purpose: z.enum(purposes),
  currency: z.string().openapi({ example: 'EUR' }),
  amountMinor: amount(10_000),
  balanceMinor: amount(7_500),
  heldMinor: amount(0),
  availableMinor: amount(7_500),
  endedBalanceMinor: z.int().nullable(),
  status: z.enum(statuses),
  frozenCauses: z
    .array(z.enum(freezeCauses))
    .openapi({ description: 'Why nothing new may be spent. Empty when it may', example: [] }),
  issuedAt: z.string().openapi({ format: 'date-time' }),
  expiresAt: z.string().nullable().openapi({ format: 'date-time' }),
  validThrough: z.string().nullable().openapi({
    format: 'date',
    description: "The last day on which it is good, in the shop's time zone",
    example: '2030-12-31',
  }),
  shopId: z.string().openapi({ description: 'The shop that issued it', example: 'main' }),
  createdBy: bySchema,
  funding: z.enum(fundingKinds).openapi({ description: 'Where the money came from' }),
  sourceFunding: z
    .enum(firstFundings)
    .openapi({ description: 'The funding of the first payment in the chain of gifts and replacements' }),
  tender: z.enum(tenders).nullable().openapi({ description: 'How it was paid' }),
  receiptId: z.string().nullable().openapi({ description: 'Of the goods that came back' }),
  taxPoint: z.enum(taxPoints).openapi({ description: 'When the tax falls due' }),
  taxCode: z.string().nullable(),
  origin: z.enum(replacementOrigins).nullable().openapi({ description: 'Why it replaces an ended payment' }),
  replaces: z.string().nullable().openapi({ description: 'The ended payment that this one replaces' }),
  giftId: z.string().nullable().openapi({ description: 'The gift through which it came' }),
  givenFrom: z.string().nullable().openapi({ description: 'The payment that gave it' }),
  saleShopId: z.string().nullable(),
  saleId: z.string().nullable().openapi({ description: 'The sale whose return issued it' }),
  revision: z.int().openapi({ example: 2 }),
};

export const paymentSchema = z.object(payment).openapi('AccountPayment');
export const paymentRowSchema = z
  .object({ ...payment, notes: z.string().nullable() })
  .openapi('AccountPaymentWithNotes');
export const paymentReadSchema = z
  .object({
    ...payment,
    notes: z.string().nullable().optional().openapi({ description: 'Missing while Postgres is away' }),
    source: z.enum(readSources),
  })
  .openapi('AccountPaymentRead');

const moved = {
  sequence: z.int().openapi({ example: 2 }),
  commandId: z.string(),
  amountMinor: amount(2_500),
  balanceBeforeMinor: amount(10_000),
  balanceAfterMinor: amount(7_500),
  saleShopId: z.string().nullable(),
  saleId: z.string().nullable(),
  reason: z.string().nullable(),
  shopId: z.string(),
  caller: z.string(),
  staffId: z.string().nullable(),
  movedAt: z.string().openapi({ format: 'date-time' }),
};

export const movementSchema = z
  .object({
    kind: z.enum(movementKinds),
    ...moved,
    counterpart: z
      .string()
      .nullable()
      .openapi({ description: 'The payment on the other side: given to, given from, or replaced' }),
    tender: z.enum(tenders).nullable().openapi({ description: 'How money left over the counter' }),
  })
  .openapi('Movement');
export const usageSchema = z
  .object({ kind: z.enum(usageKinds), ...moved })
  .openapi('Usage', { description: 'A movement that a sale caused: an apply is positive, a refund negative' });

const recorded = z
  .boolean()
  .openapi({ description: 'Whether it can be read back from Postgres already. If not, it will be' });

export const usedSchema = z.object({ usage: usageSchema.nullable(), payment: paymentSchema, recorded }).openapi('Used');
export const changedSchema = z
  .object({ movement: movementSchema.nullable(), payment: paymentSchema, recorded, warnings: warningsSchema })
  .openapi('Changed');
export const issuedSchema = z.object({ payment: paymentSchema, recorded, warnings: warningsSchema }).openapi('Issued');
export const acceptedSchema = z.object({ commandId: z.string(), status: z.literal('sent') }).openapi('Sent');
