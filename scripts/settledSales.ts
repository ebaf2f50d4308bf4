import { randomUUID } from 'node:crypto';
import type { Actors } from '../service/actors.js';
import { saleWorkflowId } from '../workflows/sale/start.js';
import { MAIN_SHOP } from './mainShop.js';

/** A sale to have a history of, in several runs. */
export const SALE = { saleShopId: MAIN_SHOP, saleId: 'S-history' };

/** Sales to have histories of, by name: settled with two payments, and with one alone. */
export async function settledSales(
  actors: Actors,
  begin: (reference: string) => Promise<void>,
): Promise<Record<string, string>> {
  const [one, other] = ['ACC-20261123-SE770001', 'ACC-20261123-SE770002'];
  for (const reference of [one, other]) await begin(reference);
  const settle = async (saleId: string, references: readonly string[]): Promise<string> => {
    const sale = { saleShopId: MAIN_SHOP, saleId };
    await actors.commandSale(sale, {
      kind: 'settle',
      commandId: randomUUID(),
      by: { caller: 'till-1', shopId: MAIN_SHOP },
      customerId: 'C-1',
      currency: 'EUR',
      lines: [{ productId: 'bike', amountMinor: 200 }],
      payments: references.map((reference) => ({ reference, amountMinor: 100 })),
      lifetimeMs: 60_000,
    });
    return saleWorkflowId(sale);
  };
  return { 'settled-two': await settle('S-two', [one, other]), 'settled-one': await settle('S-one', [one]) };
}
