import type { FC } from 'hono/jsx';
import type { Shop } from '../../domain/shop.js';

/** A sale by its number: the way there when it is this shop's own, else whose it is. */
export const SaleName: FC<{ shop: Shop; saleShopId: string; saleId: string }> = ({ shop, saleShopId, saleId }) =>
  saleShopId === shop.shopId ? (
    <a href={`/sales/${encodeURIComponent(saleId)}`}>{saleId}</a>
  ) : (
    <>
      {saleId} ({saleShopId})
    </>
  );
