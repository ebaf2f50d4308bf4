import { customerNames } from '../../db/customer/names.js';
import type { Sql } from '../../db/connect.js';
import { within } from '../../db/outage.js';
import type { AccountPaymentRow } from '../../db/payment/accountPayments.js';
import { productNames } from '../../db/product/names.js';

/** What the customers and products of a list are called, by their ids. */
export type Names = { readonly customers: ReadonlyMap<string, string>; readonly products: ReadonlyMap<string, string> };

const PATIENCE_MS = 5_000;

export async function namesOf(sql: Sql, rows: readonly AccountPaymentRow[]): Promise<Names> {
  const customerIds = rows.map(({ customerId }) => customerId);
  const productIds = rows.flatMap(({ productId }) => productId ?? []);
  const asked = Promise.all([customerNames(sql, customerIds), productNames(sql, productIds)]);
  const [customers, products] = await within(PATIENCE_MS, asked);
  return { customers, products };
}
