import type { SaleKey } from '../../domain/payment/command.js';
import type { Sql } from '../connect.js';

/** The condition that a row is of this sale. */
export function ofSale(sql: Sql, { saleShopId, saleId }: SaleKey) {
  return sql`(sale_shop_id, sale_id) = (${saleShopId}, ${saleId})`;
}
