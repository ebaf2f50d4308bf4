import { z } from '@hono/zod-openapi';
import { isStorableText, MAX_NOTES_LENGTH, MAX_REASON_LENGTH } from '../../domain/ids.js';
import { isDay } from '../../domain/instants.js';
import { tenders } from '../../domain/payment/command.js';
import { readReference } from '../../domain/reference.js';
import { across, fields, optionalText, says, text } from '../../workflows/fields.js';

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
export const field = {
  amountMinor: fields.amountMinor.meta({ ...money, example: 2_500 }),
  taxCode: fields.taxCode.meta({ type: 'string', maxLength: 32, description: "The shop's own", example: 'DE19' }),
  saleShopId: id('main')
    .optional()
    .meta({ description: "The shop whose sale it is. Default: the caller's shop", example: 'main' }),
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
      'What the sale has taken of this payment, as the quote told it. If the figure is wrong, the answer is `sale_exists`',
    example: 0,
  }),
  lines: fields.lines
    .optional()
    .meta({ description: 'What each product comes to in the sale. A product-specific payment needs it' }),
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
    .openapi({
      description:
        'Part of an id or the notes, or of a reference in any form, or how words of a name begin; less than three letters or digits: how words begin',
    }),
  name: text(200).meta({ example: 'Ada Lovelace' }),
  expiresAt: z
    .string(says('invalid_expires_at'))
    .refine((said) => isDay(said) || fields.instant.safeParse(said).success, says('invalid_expires_at'))
    .nullable()
    .openapi({
      type: 'string',
      description: "An instant, or a date: valid through that day in the shop's time zone. Null means never",
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
        "Instead of `expiresAt`: the last day on which it is good, in the shop's time zone. Null means for ever",
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
