import { z } from '@hono/zod-openapi';
import { across } from '../../workflows/fields.js';
import type { Line } from '../../domain/payment/command.js';
import { saleStatuses } from '../../domain/sale/phases.js';
import { saleReadStatuses } from '../../domain/sale/read.js';
import { holdStatuses } from '../../domain/sale/sale.js';
import { type Links } from '../http/documents.js';
import { field, idField } from '../http/requestFields.js';
import { warningsSchema } from '../law/schemas.js';

export const saleParam = z.object({
  saleId: idField('S-2001').openapi({ param: { name: 'saleId', in: 'path' } }),
});

/** What is sold. */
export const basket = {
  customerId: field.customerId,
  currency: field.currency,
  lines: field.linesOfBasket,
};

type Basket = { currency: string; lines: { currency?: string | undefined }[] };

export const inOneCurrency = across(
  ({ currency, lines }: Basket) => lines.every((line) => line.currency === undefined || line.currency === currency),
  'mixed_currencies',
  'lines',
);

/** Of a command to a sale that is there. */
export const ofSale = {
  customerId: field.customerId.optional().meta({
    description: 'Whose sale it is. To anybody else there is none. A till names it always',
    example: 'C-1001',
  }),
};

export const basketExample = {
  customerId: 'C-1001',
  currency: 'EUR',
  lines: [{ productId: 'BIKE-7', amountMinor: 30_000 }],
};

export const shares = field.drawn.meta({
  description:
    'How much each account payment gives, with `takenMinor` as the quote told it when the sale took of it before',
});
export const takenMinor = field.noneOrAmountMinor.optional().meta({
  description:
    'What the sale has taken already, as the quote told it. If the figure is wrong, the answer is `sale_exists`',
  example: 0,
});
export const shareExample = { reference: 'ACC-20261123-7KQ2M9XB', amountMinor: 2_500 };

/** The lines without the currency, which is only there to be checked. */
export function plainLines(lines: readonly (Line & { currency?: string | undefined })[]): Line[] {
  return lines.map(({ currency: _, ...line }) => line);
}

const amount = (example: number) => z.int().openapi({ example });
const reference = z.string().openapi({ example: 'ACC-20261123-7KQ2M9XB' });

const returnSchema = z
  .object({
    returnId: z.string(),
    at: z.string().nullable().openapi({ format: 'date-time', description: 'Null in a preview' }),
    amountMinor: amount(2_500),
    keptMinor: amount(0).openapi({ description: 'A fee that the shop keeps' }),
    otherTenderMinor: amount(0).openapi({ description: 'What the till gives back by another tender' }),
    reason: z.string().nullable(),
    returned: z.array(
      z.object({
        reference,
        amountMinor: amount(2_500),
        keptMinor: amount(0),
        replacement: z
          .string()
          .nullable()
          .openapi({ description: 'The new account payment of the same kind, when this one had ended' }),
        revision: z.int(),
      }),
    ),
    notReturned: z.array(
      z.object({ reference, amountMinor: amount(0), code: z.string(), refundableMinor: z.int().optional() }),
    ),
  })
  .openapi('Return');

const paymentOfSale = z.object({
  reference,
  heldMinor: amount(0),
  takenMinor: amount(2_500),
  givenBackMinor: amount(0),
  keptMinor: amount(0),
  missingMinor: amount(0),
  revision: z.int(),
});

const saleSchema = z
  .object({
    saleShopId: z.string().openapi({ example: 'main' }),
    saleId: z.string().openapi({ example: 'S-2001' }),
    customerId: z.string().openapi({ example: 'C-1001' }),
    status: z.enum(saleStatuses),
    currency: z.string().openapi({ example: 'EUR' }),
    totalMinor: amount(30_000),
    heldMinor: amount(0),
    takenMinor: amount(2_500),
    givenBackMinor: amount(0),
    keptMinor: amount(0),
    missingMinor: amount(0).openapi({
      description: 'The sale was completed although this much credit was gone. A person has to settle it',
    }),
    leftToPayMinor: amount(27_500).openapi({ description: 'What the account payments do not cover' }),
    holdId: z
      .string()
      .openapi({ description: 'Name it in a capture or release, which then acts on this hold and no later one' }),
    holdExpiresAt: z.string().openapi({ format: 'date-time' }),
    payments: z.array(paymentOfSale),
    returns: z.array(returnSchema),
  })
  .openapi('Sale');

const credits = z
  .array(
    z.object({
      reference,
      customerId: z.string(),
      amountMinor: amount(2_500),
      currency: z.string(),
      issuedAt: z.string().openapi({ format: 'date-time' }),
    }),
  )
  .openapi({ description: 'Credit that was issued against this receipt, outside the sale' });

/** Nobody told the basket of a sale that was paid by single applies, and there is nothing of it to capture. */
const notOfApplied = (description: string) => ({ description: `${description}. Null of a sale that is \`applied\`` });

export const saleReadSchema = saleSchema
  .extend({
    status: z.enum(saleReadStatuses).openapi({
      description: '`applied`: nobody held or settled it as a whole, payments were applied to it one by one',
    }),
    currency: z.string().openapi({
      example: 'EUR',
      description: 'Of its own figures. `payments` name theirs, and what was returned is in that of its payments',
    }),
    totalMinor: amount(30_000).nullable().openapi(notOfApplied('What its lines come to')),
    leftToPayMinor: amount(27_500).nullable().openapi(notOfApplied('What the account payments do not cover')),
    holdId: z.string().nullable().openapi(notOfApplied('Name it in a capture or release')),
    holdExpiresAt: z
      .string()
      .nullable()
      .openapi({ format: 'date-time', ...notOfApplied('When it lets go by itself') }),
    payments: z
      .array(paymentOfSale.extend({ customerId: z.string(), currency: z.string().openapi({ example: 'EUR' }) }))
      .openapi({ description: 'All that gave anything, single applies too, each in its own currency' }),
    credits,
  })
  .openapi('SaleRead');

const recorded = z
  .boolean()
  .openapi({ description: 'Whether all of it can be read back from Postgres already. If not, it will be' });

const holdSchema = z
  .object({ holdId: z.string(), status: z.enum(holdStatuses) })
  .openapi({ description: 'What became of the hold that this request began' });

export const saleAnswerSchema = z.object({ sale: saleSchema, recorded }).openapi('SaleAnswer');
export const holdAnswerSchema = saleAnswerSchema.extend({ hold: holdSchema.optional() }).openapi('HoldAnswer');
export const returnAnswerSchema = z
  .object({
    return: returnSchema,
    warnings: warningsSchema,
    sale: saleSchema.nullable(),
    credits: credits.optional(),
    recorded,
  })
  .openapi('ReturnAnswer');

const parameters = { saleId: '$response.body#/sale/saleId' };

/** From an answer that holds a sale to the sale itself. */
export const saleLink: Links = { sale: { operationId: 'readSale', parameters } };

/** The same, and to the account payments that it drew on, once it has moved money. */
export const saleLinks: Links = { ...saleLink, payments: { operationId: 'list', parameters } };
