import { applicablePayments } from '../../db/customer/accounts.js';
import { within } from '../../db/outage.js';
import { takenBySale } from '../../db/payment/refundable.js';
import { totalsByProduct } from '../../domain/basket.js';
import type { Line, SaleKey } from '../../domain/payment/command.js';
import { takenOfCustomer } from '../../domain/sale/booked.js';
import { quote, type Quote } from '../../domain/sale/quote.js';
import type { Parts } from '../parts.js';

const PATIENCE_MS = 5_000;

/** What somebody is about to buy. */
export type Basket = { readonly customerId: string; readonly currency: string; readonly lines: readonly Line[] };

/**
 * Which payments to use for a basket, and how much of each, less what its sale has taken of this customer already.
 * Changes nothing.
 * @throws RecordsUnavailable
 */
export async function quoteSale(
  { quoteSql: sql }: Parts,
  sale: SaleKey,
  { customerId, currency, lines }: Basket,
): Promise<Quote> {
  const productIds = [...totalsByProduct(lines).keys()];
  const offered = await within(PATIENCE_MS, applicablePayments(sql, customerId, { currency, productIds }));
  const taken = await within(PATIENCE_MS, takenBySale(sql, sale));
  return quote(lines, offered, takenOfCustomer({ customerId, currency }, taken));
}
