import { within } from '../../db/outage.js';
import { putProduct, type Product } from '../../db/product/products.js';
import { sending } from '../afterSending.js';
import type { Parts } from '../parts.js';

const PATIENCE_MS = 2_000;

/** @throws OutcomeUnknown, RecordsUnavailable */
export function nameProduct({ sql }: Parts, productId: string, name: string): Promise<Product> {
  return sending(within(PATIENCE_MS, putProduct(sql, productId, name)));
}
