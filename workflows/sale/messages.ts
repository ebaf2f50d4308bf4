import { defineQuery, defineUpdate } from '@temporalio/workflow';
import { z } from 'zod';
import { MAX_PAYMENTS, totalOf } from '../../domain/basket.js';
import { MAX_REASON_LENGTH } from '../../domain/ids.js';
import { DEFAULT_HOLD_LIFETIME_MS, MAX_HOLD_LIFETIME_MS } from '../../domain/sale/lifetimes.js';
import type { Delivery } from '../../domain/payment/handle.js';
import {
  returnAuthorities,
  returnExtents,
  returnOrders,
  saleCommandKinds,
  type HoldView,
  type ReturnView,
  type SaleCommand,
  type SaleCommandKind,
  type SaleRefusal,
  type SaleView,
} from '../../domain/sale/sale.js';
import { across, complaints, fields, lifetimeMs, linesSchema, optionalText, says, sendersFields } from '../fields.js';

/**
 * What a sale answers, with the sale as it is now; `null` while it has not begun. A hold is told with what became of
 * it, which is not what became of a later one.
 */
export type SaleAnswer = { readonly sale: SaleView | null; readonly delivery: Delivery } & (
  | { readonly outcome: 'accepted'; readonly return: ReturnView | null; readonly hold: HoldView | null }
  | { readonly outcome: 'refused'; readonly refusal: SaleRefusal }
);

const shareSchema = z.strictObject({ reference: fields.reference, amountMinor: fields.amountMinor });
const drawnSchema = shareSchema.extend({ takenMinor: fields.noneOrAmountMinor.optional() });

/** What each named payment gives, or gets back. */
export const sharesSchema = named(shareSchema);
/** And what the till believes that the sale has taken of it. */
export const drawnSchemas = named(drawnSchema);

function named<Schema extends z.ZodType<{ reference: string }>>(schema: Schema) {
  return z
    .array(schema)
    .min(1, says('no_payments'))
    .max(MAX_PAYMENTS, says('no_payments'))
    .refine((shares) => new Set(shares.map(({ reference }) => reference)).size === shares.length, {
      error: 'payment_named_twice',
    });
}

export const holdLifetimeMs = lifetimeMs(MAX_HOLD_LIFETIME_MS).default(DEFAULT_HOLD_LIFETIME_MS);

type Basket = { lines: { amountMinor: number }[]; payments: { amountMinor: number }[] };

/** Payments that together give no more than the basket comes to. */
export const fitsBasket = across(
  ({ lines, payments }: Basket) => totalOf(payments) <= totalOf(lines),
  'exceeds_basket',
  'payments',
);

const basket = {
  ...{ customerId: fields.id, currency: fields.currency, lines: linesSchema, payments: drawnSchemas },
  takenMinor: fields.noneOrAmountMinor.optional(),
};

/** What each of a sale's messages carries besides its sender. */
const bodies = {
  hold: z.strictObject({ ...basket, lifetimeMs: holdLifetimeMs, replaces: fields.id.optional() }).refine(...fitsBasket),
  settle: z.strictObject({ ...basket, lifetimeMs: holdLifetimeMs }).refine(...fitsBasket),
  capture: z.strictObject({
    holdId: fields.id,
    payments: sharesSchema.optional(),
    heldUntil: fields.instant.optional(),
  }),
  release: z.strictObject({ holdId: fields.id }),
  return: z.strictObject({
    currency: fields.currency,
    amountMinor: fields.amountMinor.optional(),
    keptMinor: fields.amountMinor.optional(),
    lines: linesSchema.optional(),
    order: z.enum(returnOrders, says('malformed_request')).optional(),
    payments: sharesSchema.optional(),
    reason: optionalText(MAX_REASON_LENGTH),
    authority: z.enum(returnAuthorities).default('manager'),
    extent: z.enum(returnExtents).default('carried_out'),
  }),
} as const satisfies Record<SaleCommandKind, z.ZodType>;

export const saleDescriptions: Readonly<Record<SaleCommandKind, string>> = {
  hold: 'Reserve what the cashier picked. One JSON object, as the API takes it, with a commandId',
  settle: 'Hold and capture in one. One JSON object, as the API takes it, with a commandId',
  capture:
    'Take what is held. One JSON object: {"commandId":"op-1","holdId":"…"}, less of it with "payments"; the rest stays held with "heldUntil"',
  release: 'Let go of what is held. One JSON object: {"commandId":"op-1","holdId":"…"}',
  return:
    'Return all of it. One JSON object: {"commandId":"op-1","currency":"EUR"}; part of it with "amountMinor" or "lines"',
};

export type SaleMessage = Omit<SaleCommand, 'kind'>;

export const saleUpdates = Object.fromEntries(
  saleCommandKinds.map((kind) => [kind, defineUpdate<SaleAnswer, [SaleMessage]>(kind)]),
) as Record<SaleCommandKind, ReturnType<typeof defineUpdate<SaleAnswer, [SaleMessage]>>>;

export const saleQuery = defineQuery<SaleView | null>('sale');
export const rememberedBySaleQuery = defineQuery<boolean, [string]>('remembered');

export type ParsedSaleMessage =
  { readonly form: 'command'; readonly command: SaleCommand } | { readonly form: 'malformed'; readonly reason: string };

/**
 * Reads whatever came under the name of a command. Says what is wrong without quoting values.
 * @param shopId where it happens, unless the sender says so
 */
export function parseSaleMessage(kind: SaleCommandKind, message: unknown, shopId: string): ParsedSaleMessage {
  const { sender, body } = sendersFields(message, shopId);
  const told = bodies[kind].safeParse(body);
  if (!sender.success || !told.success) return { form: 'malformed', reason: complaints(sender.error, told.error) };
  return { form: 'command', command: { kind, ...sender.data, ...told.data } as SaleCommand };
}
