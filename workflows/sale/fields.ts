import { z } from 'zod';
import { MAX_PAYMENTS, totalOf } from '../../domain/basket.js';
import { DEFAULT_HOLD_LIFETIME_MS, MAX_HOLD_LIFETIME_MS } from '../../domain/sale/lifetimes.js';
import { returnAuthorities, returnExtents, returnOrders, type SaleCommandKind } from '../../domain/sale/sale.js';
import { across, fields, lifetimeMs, says } from '../fields.js';

const shareSchema = z.strictObject({ reference: fields.reference, amountMinor: fields.amountMinor });
const drawnSchema = shareSchema.extend({ takenMinor: fields.noneOrAmountMinor.optional() });

export const saleFields = Object.freeze({
  /** What each named payment gives, or gets back. */
  shares: named(shareSchema),
  /** The same, with what the till believes that the sale has taken of each. */
  drawn: named(drawnSchema),
  holdLifetimeMs: lifetimeMs(MAX_HOLD_LIFETIME_MS).default(DEFAULT_HOLD_LIFETIME_MS),
});

export function named<Schema extends z.ZodType<{ reference: string }>>(schema: Schema) {
  return z
    .array(schema)
    .min(1, says('no_payments'))
    .max(MAX_PAYMENTS, says('no_payments'))
    .refine((shares) => new Set(shares.map(({ reference }) => reference)).size === shares.length, {
      error: 'payment_named_twice',
    });
}

type Basket = { lines: { amountMinor: number }[]; payments: { amountMinor: number }[] };

/** Payments that together give no more than the basket comes to. */
export const fitsBasket = across(
  ({ lines, payments }: Basket) => totalOf(payments) <= totalOf(lines),
  'exceeds_basket',
  'payments',
);

const basket = {
  customerId: fields.id,
  currency: fields.currency,
  lines: fields.lines,
  payments: saleFields.drawn,
  takenMinor: fields.noneOrAmountMinor.optional(),
};

type Extent = {
  lines?: unknown;
  amountMinor?: unknown;
  payments?: unknown;
  order?: unknown;
};

/** A return that names what each payment gets back has no lines or amount to measure that by. */
export const namesOneExtent = across(
  ({ payments, lines, amountMinor }: Extent) =>
    payments === undefined || (lines === undefined && amountMinor === undefined),
  'malformed_request',
  'payments',
);

/** Only lines tell what was paid in which way. */
export const ordersLines = across(
  ({ order, lines }: Extent) => order === undefined || lines !== undefined,
  'malformed_request',
  'order',
);

const ofSomebody = { customerId: fields.id.optional() };

/** What a sale's message of each kind carries besides its sender. */
export const bodies = Object.freeze({
  hold: z
    .strictObject({ ...basket, lifetimeMs: saleFields.holdLifetimeMs, replaces: fields.id.optional() })
    .refine(...fitsBasket),
  settle: z.strictObject({ ...basket, lifetimeMs: saleFields.holdLifetimeMs }).refine(...fitsBasket),
  capture: z.strictObject({
    ...ofSomebody,
    holdId: fields.id,
    payments: saleFields.shares.optional(),
    heldUntil: fields.instant.optional(),
  }),
  release: z.strictObject({ ...ofSomebody, holdId: fields.id }),
  return: z
    .strictObject({
      ...ofSomebody,
      currency: fields.currency,
      amountMinor: fields.amountMinor.optional(),
      keptMinor: fields.amountMinor.optional(),
      lines: fields.lines.optional(),
      order: z.enum(returnOrders, says('malformed_request')).optional(),
      payments: saleFields.shares.optional(),
      reason: fields.optionalReason,
      authority: z.enum(returnAuthorities).default('manager'),
      extent: z.enum(returnExtents).default('carried_out'),
    })
    .refine(...namesOneExtent)
    .refine(...ordersLines),
} as const satisfies Record<SaleCommandKind, z.ZodType>);
