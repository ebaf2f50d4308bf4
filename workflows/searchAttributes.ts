import { defineSearchAttributeKey, type SearchAttributePair, type SearchAttributeUpdatePair } from '@temporalio/common';
import { productOf, type AccountPayment } from '../domain/payment/payment.js';
import type { SaleStatus } from '../domain/sale/phases.js';
import type { Gift, GiftPhase } from '../domain/gift/gift.js';

/**
 * What operators can search for in Temporal's UI, with each attribute's type there. None of them changes with a
 * purchase: every change costs an event and a write. SQL visibility has ten keyword columns in a namespace.
 */
export const searchAttributes = {
  CustomerId: 'KEYWORD',
  PaymentStatus: 'KEYWORD',
  PaymentType: 'KEYWORD',
  Purpose: 'KEYWORD',
  ProductId: 'KEYWORD',
  Currency: 'KEYWORD',
  ShopId: 'KEYWORD',
  SaleStatus: 'KEYWORD',
  GiftStatus: 'KEYWORD',
  ExpiresAt: 'DATETIME',
} as const;

type Name = keyof typeof searchAttributes;

const keyword = <Value>(name: Name, value: Value) => ({ key: defineSearchAttributeKey(name, 'KEYWORD'), value });
const datetime = <Value>(name: Name, value: Value) => ({ key: defineSearchAttributeKey(name, 'DATETIME'), value });

/** A payment's search attributes, as its start names them. */
export function searchAttributesOf({ terms, standing, expiresAt }: AccountPayment): SearchAttributePair[] {
  const productId = productOf(terms.scope);
  return [
    keyword('CustomerId', terms.customerId),
    keyword('PaymentType', terms.scope.type),
    keyword('Purpose', terms.purpose),
    keyword('Currency', terms.currency),
    keyword('ShopId', terms.by.shopId),
    keyword('PaymentStatus', standing.status),
    ...(productId === null ? [] : [keyword('ProductId', productId)]),
    ...(expiresAt === null ? [] : [datetime('ExpiresAt', new Date(expiresAt))]),
  ];
}

/** A sale's search attributes, as its start names them. */
export function searchAttributesOfSale({
  customerId,
  currency,
  shopId,
}: {
  customerId?: string | undefined;
  currency: string;
  shopId: string;
}): SearchAttributePair[] {
  const whose = customerId === undefined ? [] : [keyword('CustomerId', customerId), saleStatusAttribute('holding')];
  return [...whose, keyword('Currency', currency), keyword('ShopId', shopId)];
}

export function saleStatusAttribute(status: SaleStatus) {
  return keyword('SaleStatus', status);
}

/** A gift's search attributes, as its start names them: the customer is who gives. */
export function searchAttributesOfGift({ customerId, currency, by }: Gift): SearchAttributePair[] {
  const where = [keyword('Currency', currency), keyword('ShopId', by.shopId)];
  return [keyword('CustomerId', customerId), ...where, giftStatusAttribute('holding')];
}

export function giftStatusAttribute(status: GiftPhase) {
  return keyword('GiftStatus', status);
}

/** The two that change while a payment lives; `null` takes one away. */
export function changingSearchAttributesOf({ standing, expiresAt }: AccountPayment): SearchAttributeUpdatePair[] {
  return [
    keyword('PaymentStatus', standing.status),
    datetime('ExpiresAt', expiresAt === null ? null : new Date(expiresAt)),
  ];
}
