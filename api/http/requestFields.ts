import { z } from '@hono/zod-openapi';
import { MAX_PAYMENTS } from '../../domain/basket.js';
import { MAX_NAME_LENGTH } from '../../domain/customer/contacts.js';
import {
  isLines,
  isOneLine,
  isStorableText,
  lengthOf,
  MAX_CALLER_LENGTH,
  MAX_NOTES_LENGTH,
  MAX_REASON_LENGTH,
} from '../../domain/ids.js';
import { isDay } from '../../domain/instants.js';
import { currencies, MAX_AMOUNT_MINOR } from '../../domain/money.js';
import { tenders } from '../../domain/payment/command.js';
import { readReference } from '../../domain/reference.js';
import { across, basketOf, besides, fields, optionalText, says, text } from '../../workflows/fields.js';
import { named } from '../../workflows/sale/fields.js';

/** The year of an instant or a day, from 1970 to 9998. */
const YEAR = '(19[7-9][0-9]|[2-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])';
const DAY = { type: 'string', format: 'date', pattern: `^${YEAR}-[0-9]{2}-[0-9]{2}$` } as const;
const INSTANT = { type: 'string', format: 'date-time', pattern: `^${YEAR}-` } as const;
/** Nothing that is not to be seen; in texts of several lines, what ends one. */
const ONE_LINE = '^[^\\u0000-\\u001f\\u007f-\\u009f]*$';
const LINES = '^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]*$';
const STORABLE = '^[^\\u0000]*$';
/** Visible ASCII, blanks inside, no @, and nothing that leads elsewhere in an address. */
export const ID_PATTERN = '^(?!\\.{1,2}$)[!-?A-~]([ -?A-~]*[!-?A-~])?$';
const MADE_ID = 'aPHZ3-pTrF0jQm0tLJjzq4l7z3tZ5dQ6cXb0o1W2e3R';
const MAX_Q_LENGTH = 100;
const MAX_ENTITY_LENGTH = 200;

const money = {
  type: 'integer',
  minimum: 1,
  maximum: MAX_AMOUNT_MINOR,
  description: "In the currency's minor unit",
} as const;
const REFERENCE = {
  type: 'string',
  pattern: '^ACC-[0-9]{8}-[0-9A-HJKMNP-TV-Z]{8}$',
  description: 'As it is written. Any case, blanks and dashes anywhere, O for 0, I and L for 1 are read too',
  example: 'ACC-20261123-7KQ2M9XB',
} as const;

/** An id that callers choose, as the documents show it. */
export function idField(example: string, maxLength = 128) {
  return fields.id
    .refine((id) => id.length <= maxLength, besides('invalid_id'))
    .meta({ type: 'string', minLength: 1, maxLength, pattern: ID_PATTERN, example });
}

const amountMinor = fields.amountMinor.meta({ ...money, example: 2_500 });
const currency = fields.currency
  .meta({ type: 'string', description: 'ISO 4217', example: 'EUR' })
  .openapi('Currency', { enum: [...currencies] });
const taxCode = fields.taxCode.meta({
  type: 'string',
  minLength: 1,
  maxLength: 32,
  pattern: '^[!-~]*$',
  description: "The shop's own",
  example: 'DE19',
});
const reference = fields.reference.meta(REFERENCE);
const noneOrAmountMinor = fields.noneOrAmountMinor.meta({ ...money, minimum: 0 });
const line = { productId: idField('BIKE-7'), amountMinor, taxCode: taxCode.optional() };
const share = { reference, amountMinor };
const sharesOf = <Share extends z.ZodType<{ reference: string }>>(schema: Share) =>
  named(schema).meta({ maxItems: MAX_PAYMENTS });

/** The fields of requests, as the documents show them. */
export const field = {
  amountMinor,
  noneOrAmountMinor,
  taxCode,
  currency,
  reference,
  saleShopId: idField('main')
    .optional()
    .meta({ description: "The shop whose sale it is. Default: the caller's shop", example: 'main' }),
  shopId: idField('main'),
  customerId: idField('C-1001'),
  productId: idField('BIKE-7'),
  saleId: idField('S-2001'),
  staffId: idField('anna').optional(),
  holdId: idField(MADE_ID),
  /** The till or person that a key names, or who acts by themselves. */
  caller: idField('till-1', MAX_CALLER_LENGTH),
  keptMinor: amountMinor.optional().meta({ ...money, description: 'A fee that the shop keeps', example: 500 }),
  tender: z.enum(tenders).meta({ description: 'How the money is handed out', example: 'cash' }),
  takenMinor: noneOrAmountMinor.optional().meta({
    description:
      'What the sale has taken of this payment, as the quote told it. If the figure is wrong, the answer is `sale_exists`',
    example: 0,
  }),
  lines: basketOf(z.strictObject(line))
    .optional()
    .meta({ description: 'What each product comes to in the sale. A product-specific payment needs it' }),
  /** A line may name its currency, so that a till that mixes them is told. */
  linesOfBasket: basketOf(z.strictObject({ ...line, currency: currency.optional() })),
  /** What each named payment gives, or gets back. */
  shares: sharesOf(z.strictObject(share)),
  /** The same, with what the till believes that the sale has taken of each. */
  drawn: sharesOf(z.strictObject({ ...share, takenMinor: noneOrAmountMinor.optional() })),
  reason: fields.reason.meta({
    type: 'string',
    minLength: 1,
    maxLength: MAX_REASON_LENGTH,
    pattern: ONE_LINE,
    example: 'agreed with the customer',
  }),
  message: optionalText(MAX_NOTES_LENGTH)
    .refine((words) => words === undefined || isLines(words), besides('invalid_text'))
    .meta({ type: 'string', maxLength: MAX_NOTES_LENGTH, pattern: LINES, example: 'Happy birthday!' }),
  notes: optionalText(MAX_NOTES_LENGTH)
    .refine((words) => words === undefined || isLines(words), besides('invalid_text'))
    .nullable()
    .meta({
      type: ['string', 'null'],
      maxLength: MAX_NOTES_LENGTH,
      pattern: LINES,
      example: 'Collects the bike in May',
    }),
  againstLawBecause: fields.optionalReason.meta({
    type: 'string',
    maxLength: MAX_REASON_LENGTH,
    pattern: ONE_LINE,
    description:
      "Why it is to be done even where a rule of law stands against it and the shop refuses that. A manager's; it stands in the details",
    example: 'the customer asked for it in writing',
  }),
  optionalReason: fields.optionalReason.meta({
    type: 'string',
    maxLength: MAX_REASON_LENGTH,
    pattern: ONE_LINE,
    example: 'too small',
  }),
  q: z
    .string()
    .min(1, says('invalid_text'))
    .refine((q) => isStorableText(q) && lengthOf(q) <= MAX_Q_LENGTH, says('invalid_text'))
    .openapi({
      maxLength: MAX_Q_LENGTH,
      pattern: STORABLE,
      description:
        'Part of an id or the notes, or of a reference in any form, or how words of a name begin; less than three letters or digits: how words begin',
    }),
  name: text(MAX_NAME_LENGTH)
    .refine(isOneLine, besides('invalid_text'))
    .meta({ type: 'string', minLength: 1, maxLength: MAX_NAME_LENGTH, pattern: ONE_LINE, example: 'Ada Lovelace' }),
  instant: fields.instant.meta(INSTANT),
  day: z
    .string(says('malformed_request'))
    .refine(isDay, says('malformed_request'))
    .meta({ ...DAY, example: '2026-01-31' }),
  /** A month, as the first of its days. */
  month: z
    .string(says('malformed_request'))
    .refine((said) => isDay(`${said}-01`), says('malformed_request'))
    .meta({ type: 'string', pattern: `^${YEAR}-(0[1-9]|1[0-2])$`, example: '2026-01' }),
  legalEntity: text(MAX_ENTITY_LENGTH)
    .refine(isOneLine, besides('invalid_text'))
    .meta({ type: 'string', minLength: 1, maxLength: MAX_ENTITY_LENGTH, pattern: ONE_LINE, example: 'Nord GmbH' }),
  expiresAt: z
    .string(says('invalid_expires_at'))
    .refine((said) => isDay(said) || fields.instant.safeParse(said).success, says('invalid_expires_at'))
    .nullable()
    .openapi({
      type: ['string', 'null'],
      anyOf: [DAY, INSTANT, { type: 'null' }],
      description: "An instant, or a date: valid through that day in the shop's time zone. Null means never",
      example: '2030-12-31',
    }),
  validThrough: z
    .string(says('invalid_expires_at'))
    .refine(isDay, says('invalid_expires_at'))
    .nullable()
    .openapi({
      ...DAY,
      type: ['string', 'null'],
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
/** The rules that hold fields against each other, as the documents show them. */
export const shownBeside = {
  notBoth: { not: { required: ['expiresAt', 'validThrough'] } },
  justOne: { oneOf: [{ required: ['expiresAt'] }, { required: ['validThrough'] }] },
  tenderWhenPaidOut: {
    oneOf: [
      { properties: { disposition: { const: 'paid_out' } }, required: ['tender'] },
      { not: { anyOf: [{ properties: { disposition: { const: 'paid_out' } } }, { required: ['tender'] }] } },
    ],
  },
  movesOrKeeps: { anyOf: [{ properties: { amountMinor: { minimum: 1 } } }, { required: ['keptMinor'] }] },
};

export const saysHowLong = across(
  ({ expiresAt, validThrough }: Validity) => expiresAt !== undefined || validThrough !== undefined,
  'missing_field',
  'expiresAt',
);

/** What is no reference is found nowhere; what no text can hold is malformed. */
export const referenceParam = z.object({
  reference: z
    .string()
    .refine(isStorableText, says('invalid_id'))
    .transform((typed) => readReference(typed) ?? typed)
    .openapi({ ...REFERENCE, param: { name: 'reference', in: 'path' } }),
});

/** An id that was made here: whatever it is not, it is text. */
export function madeIdParam<Name extends string>(name: Name) {
  const made = z
    .string()
    .refine(isStorableText, says('invalid_id'))
    .openapi({ param: { name, in: 'path' }, pattern: STORABLE, example: MADE_ID });
  return { [name]: made } as Record<Name, typeof made>;
}
