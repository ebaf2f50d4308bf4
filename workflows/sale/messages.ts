import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { Delivery } from '../../domain/payment/handle.js';
import {
  saleCommandKinds,
  type HoldView,
  type ReturnView,
  type SaleCommand,
  type SaleCommandKind,
  type SaleRefusal,
  type SaleView,
} from '../../domain/sale/sale.js';
import { parse, type Parsed } from '../messages.js';
import { bodies } from './fields.js';

/**
 * What a sale answers, with the sale as it is now; `null` while it has not begun. A hold is told with what became of
 * it, which is not what became of a later one.
 */
export type SaleAnswer = { readonly sale: SaleView | null; readonly delivery: Delivery } & (
  | { readonly outcome: 'accepted'; readonly return: ReturnView | null; readonly hold: HoldView | null }
  | { readonly outcome: 'refused'; readonly refusal: SaleRefusal }
);

export const saleDescriptions: Readonly<Record<SaleCommandKind, string>> = {
  hold: 'Reserve what the cashier picked. One JSON object, as the API takes it, with a commandId',
  settle: 'Hold and capture in one. One JSON object, as the API takes it, with a commandId',
  capture:
    'Take what is held. One JSON object: {"commandId":"op-1","holdId":"…"}, less of it with "payments"; the rest stays held with "heldUntil"',
  release: 'Let go of what is held. One JSON object: {"commandId":"op-1","holdId":"…"}',
  return:
    'Return all of it. One JSON object: {"commandId":"op-1","currency":"EUR"}; part of it with "amountMinor" or "lines"',
};

/** @property asked that its request came before, so that the books may know of an answer that nobody else does */
export type SaleMessage = Omit<SaleCommand, 'kind'> & { readonly asked?: 'before' };

export const saleUpdates = Object.fromEntries(
  saleCommandKinds.map((kind) => [kind, defineUpdate<SaleAnswer, [SaleMessage]>(kind)]),
) as Record<SaleCommandKind, ReturnType<typeof defineUpdate<SaleAnswer, [SaleMessage]>>>;

export const saleQuery = defineQuery<SaleView | null>('sale');
export const rememberedBySaleQuery = defineQuery<boolean, [string]>('remembered');

/** Reads whatever came under the name of a command. @param shopId where it happens, unless the sender says so */
export function parseSaleMessage(kind: SaleCommandKind, message: unknown, shopId: string): Parsed<SaleCommand> {
  return parse<SaleCommand>(bodies, kind, message, shopId, 'operator');
}
