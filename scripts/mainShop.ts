import type { Sql } from '../db/connect.js';
import { insertShop, listShops } from '../db/shops.js';
import { isCurrency } from '../domain/money.js';
import { Failure } from '../runtime/failure.js';
import type { Settings } from '../runtime/settings.js';

/** The shop there is when nobody has added one. */
export const MAIN_SHOP = 'main';

/** Sees to it that there is a shop. Which currency and time zone it has is settled then, for good. */
export async function ensureMainShop(
  sql: Sql,
  { shopTimeZone, shopCurrency }: Pick<Settings, 'shopTimeZone' | 'shopCurrency'>,
): Promise<void> {
  if (!isCurrency(shopCurrency)) throw new Failure('SHOP_CURRENCY is not a currency of ISO 4217.');
  if ((await listShops(sql)).length > 0) return;
  const named = { shopId: MAIN_SHOP, name: 'Main shop', legalEntity: 'Main shop', jurisdiction: null };
  await insertShop(sql, { ...named, currency: shopCurrency, timeZone: shopTimeZone });
}
