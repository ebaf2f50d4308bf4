import { defineSearchAttributeKey, type SearchAttributePair, type SearchAttributeUpdatePair } from '@temporalio/common';
import { productOf, type AccountPayment } from '../domain/accountPayment.js';
import type { searchAttributes } from './names.js';

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
    keyword('PaymentStatus', standing.status),
    ...(productId === null ? [] : [keyword('ProductId', productId)]),
    ...(expiresAt === null ? [] : [datetime('ExpiresAt', new Date(expiresAt))]),
  ];
}

/** The two that change while a payment lives; `null` takes one away. */
export function changingSearchAttributesOf({ standing, expiresAt }: AccountPayment): SearchAttributeUpdatePair[] {
  return [
    keyword('PaymentStatus', standing.status),
    datetime('ExpiresAt', expiresAt === null ? null : new Date(expiresAt)),
  ];
}
