import { scannedReferences } from '../../domain/reference.js';
import type { Shop } from '../../domain/shop.js';
import type { Parts } from '../parts.js';
import { readPayment, type PaymentRead } from './read.js';

/**
 * Reads the payment that somebody scanned or typed: the first there is of what it can mean.
 * @param shop by whose calendar its last day is told
 */
export async function readScanned(
  parts: Parts,
  scanned: string,
  shop: Pick<Shop, 'calendar'>,
): Promise<PaymentRead | 'payment_not_found' | 'records_unavailable'> {
  let unread: 'payment_not_found' | 'records_unavailable' = 'payment_not_found';
  for (const reference of scannedReferences(scanned)) {
    const payment = await readPayment(parts, reference, shop);
    if (typeof payment !== 'string') return payment;
    if (payment === 'records_unavailable') unread = payment;
  }
  return unread;
}
