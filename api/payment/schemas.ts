import { z } from '@hono/zod-openapi';
import { tenders } from '../../domain/payment/command.js';
import { isDay } from '../../domain/instants.js';
import { readReference } from '../../domain/reference.js';
import { movementKinds, usageKinds } from '../../domain/payment/payment.js';
import { isStorableText, MAX_NOTES_LENGTH, MAX_REASON_LENGTH } from '../../domain/ids.js';
import { paymentSchema } from './paymentSchemas.js';
import { across, fields, linesSchema, optionalText, says, text } from '../../workflows/fields.js';

const money = {
  type: 'integer',
  minimum: 1,
  maximum: 1_000_000_000_000,
  description: "In the currency's minor unit",
} as const;
const REFERENCE = { pattern: '^ACC-\\d{8}-[0-9A-HJKMNP-TV-Z]{8}$', example: 'ACC-20261123-7KQ2M9XB' } as const;
/** Visible ASCII, blanks inside, no @. */
export const ID_PATTERN = '^[!-?A-~]([ -?A-~]*[!-?A-~])?$';
const id = (example: string) => fields.id.meta({ type: 'string', maxLength: 128, pattern: ID_PATTERN, example });

/** The fields of requests, as the documents show them. */
export const f = {
  amountMinor: fields.amountMinor.meta({ ...money, example: 2_500 }),
  taxCode: fields.taxCode.meta({ type: 'string', maxLength: 32, description: "The shop's own", example: 'DE19' }),
  saleShopId: id('main')
    .optional()
    .meta({ description: "Whose sale it is; the caller's shop unless said", example: 'main' }),
  shopId: id('main'),
  currency: fields.currency.meta({ type: 'string', pattern: '^[A-Z]{3}$', description: 'ISO 4217', example: 'EUR' }),
  customerId: id('C-1001'),
  productId: id('BIKE-7'),
  saleId: id('S-2001'),
  staffId: id('anna').optional(),
  holdId: id('aPHZ3-pTrF0jQm0tLJjzq4l7z3tZ5dQ6cXb0o1W2e3R'),
  keptMinor: fields.amountMinor.optional().meta({ ...money, description: 'A fee that the shop keeps', example: 500 }),
  tender: z.enum(tenders).meta({ description: 'How the money is handed out', example: 'cash' }),
  takenMinor: fields.noneOrAmountMinor.optional().meta({
    ...money,
    minimum: 0,
    description:
      'What the sale has taken of this payment so far, as a quote tells it: when it is another figure, `sale_exists`',
    example: 0,
  }),
  lines: linesSchema
    .optional()
    .meta({ description: 'What each product comes to in the sale; needed for a product-specific payment' }),
  reason: fields.reason.meta({ type: 'string', minLength: 1, maxLength: 500, example: 'agreed with the customer' }),
  reference: fields.reference.meta({ type: 'string', example: REFERENCE.example }),
  message: optionalText(MAX_NOTES_LENGTH).meta({
    type: 'string',
    maxLength: MAX_NOTES_LENGTH,
    example: 'Happy birthday!',
  }),
  notes: optionalText(MAX_NOTES_LENGTH)
    .nullable()
    .meta({ type: ['string', 'null'], maxLength: MAX_NOTES_LENGTH, example: 'Collects the bike in May' }),
  optionalReason: optionalText(MAX_REASON_LENGTH).meta({ type: 'string', maxLength: 500, example: 'too small' }),
  q: z
    .string()
    .min(1, says('invalid_text'))
    .max(100, says('invalid_text'))
    .refine(isStorableText, says('invalid_text'))
    .openapi({ description: 'Part of a name, an id, a reference however typed, or the notes' }),
  name: text(200).meta({ example: 'Ada Lovelace' }),
  expiresAt: z
    .string(says('invalid_expires_at'))
    .refine((said) => isDay(said) || fields.instant.safeParse(said).success, says('invalid_expires_at'))
    .nullable()
    .openapi({
      type: 'string',
      description: "An instant, or a date: valid through that day in the shop's time zone; null for never",
      example: '2030-12-31',
    }),
  validThrough: z
    .string(says('invalid_expires_at'))
    .refine(isDay, says('invalid_expires_at'))
    .nullable()
    .openapi({
      type: ['string', 'null'],
      format: 'date',
      description:
        "In the stead of `expiresAt`: the last day on which it is good, in the shop's time zone; null for ever",
      example: '2030-12-31',
    }),
} as const;

type Validity = { expiresAt?: string | null | undefined; validThrough?: string | null | undefined };

export const saysOnceHowLong = across(
  ({ expiresAt, validThrough }: Validity) => expiresAt === undefined || validThrough === undefined,
  'malformed_request',
  'validThrough',
);
export const saysHowLong = across(
  ({ expiresAt, validThrough }: Validity) => expiresAt !== undefined || validThrough !== undefined,
  'missing_field',
  'expiresAt',
);

export const referenceParam = z.object({
  reference: z
    .string()
    .transform((typed) => readReference(typed) ?? typed)
    .openapi({ type: 'string', param: { name: 'reference', in: 'path' }, example: REFERENCE.example }),
});

const amount = (example: number) => z.int().openapi({ example });

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

const recorded = z.boolean().openapi({ description: 'Whether it can be read back from Postgres already; it will be' });

export const usedSchema = z.object({ usage: usageSchema.nullable(), payment: paymentSchema, recorded }).openapi('Used');
export const changedSchema = z
  .object({ movement: movementSchema.nullable(), payment: paymentSchema, recorded })
  .openapi('Changed');
export const issuedSchema = z.object({ payment: paymentSchema, recorded }).openapi('Issued');
export const acceptedSchema = z.object({ commandId: z.string(), status: z.literal('sent') }).openapi('Sent');

export const problemSchema = z
  .object({
    type: z.string().openapi({ example: 'urn:account-payments:problem:insufficient_balance' }),
    title: z.string().openapi({ example: 'Insufficient balance' }),
    status: z.int().openapi({ example: 409 }),
    detail: z.string().openapi({ example: 'The available balance is smaller than that.' }),
    code: z.string().openapi({ example: 'insufficient_balance' }),
    errors: z
      .array(
        z.object({
          pointer: z.string().optional(),
          parameter: z.string().optional(),
          code: z.string(),
          reason: z.string(),
        }),
      )
      .optional(),
    payment: paymentSchema.optional(),
  })
  .openapi('Problem');

export const commandHeaders = z.object({
  'idempotency-key': z
    .string()
    .optional()
    .openapi({
      param: { required: true },
      pattern: '^[!-~]{1,255}$',
      description: '1 to 255 visible characters; a repeat gets the first answer',
      example: 'till-1-000042',
    }),
  prefer: z.string().optional().openapi({
    description: '`wait=0`: do not wait for the record; `respond-async` (apply, refund): 202 at once',
    example: 'wait=0',
  }),
});

/** The body of a request, required and JSON. */
export function json<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } } as const;
}

/** Where a tool may go on from an answer: a call, and its parameters as expressions on the answer (OpenAPI, 4.8.20). */
export type Links = Readonly<Record<string, { operationId: string; parameters: Readonly<Record<string, string>> }>>;

/** From a payment to what there is to know of it. @param at where in the answer its reference is, as a JSON pointer */
export function linksOfPayment(at: string): Links {
  const parameters = { reference: `$response.body#${at}` };
  return {
    payment: { operationId: 'read', parameters },
    usages: { operationId: 'usages', parameters },
    movements: { operationId: 'movements', parameters },
  };
}

/** Declared, not inferred: a call may always answer with a problem instead, which is a plain Response. */
type Documented = { description: string; content?: Record<string, { schema: z.ZodType }>; links?: Links };

export function answers(description: string, schema: z.ZodType, links?: Links): Documented {
  return { description, content: { 'application/json': { schema } }, ...(links && { links }) };
}

/** Every call may end in one of these. */
export const otherwise: { default: Documented } = {
  default: { description: 'A problem', content: { 'application/problem+json': { schema: problemSchema } } },
};
