import type { FC } from 'hono/jsx';
import type { Shop } from '../../domain/shop.js';
import { inFull, saleHref } from '../payment/words.js';

/** A sale by its number, and the way there; with its shop when that is another one. */
export const SaleName: FC<{ shop: Shop; saleShopId: string; saleId: string }> = ({ shop, ...sale }) => (
  <a href={saleHref(sale, shop)}>{inFull(sale, shop)}</a>
);
