import { expect, test } from 'vitest';
import { currencies } from '../../domain/money.js';
import { Failure } from '../../runtime/failure.js';
import { readSettings } from '../../runtime/settings.js';
import { ensureMainShop } from '../../scripts/mainShop.js';
import type { Sql } from '../../db/connect.js';

/** The first shop has its currency for good, so nothing is asked of the books with one that there is not. */
const noBooks = (() => {
  throw new Error('the books were asked');
}) as unknown as Sql;

const madeIn = (SHOP_CURRENCY: string) => ensureMainShop(noBooks, readSettings({ SHOP_CURRENCY }));

test.each(['EUX', 'eur', 'EURO', 'XYZ', 'XAU', ' EUR'])('%s is no currency of a first shop', async (currency) => {
  await expect(madeIn(currency)).rejects.toThrow(/^SHOP_CURRENCY is not a currency of ISO 4217\.$/);
  await expect(madeIn(currency)).rejects.toThrow(Failure);
});

test('every currency that a payment may have is one', async () => {
  for (const currency of currencies) await expect(madeIn(currency)).rejects.toThrow('the books were asked');
});
