import { derivedId, type Parent, type SaleKey } from '../payment/command.js';

/** What a sale asks of a payment's hold that it has. */
export const stepsOfHolds = ['capture', 'prolong', 'release', 'grow', 'shrink'] as const;
export type SaleStep = (typeof stepsOfHolds)[number] | 'hold' | 'shrink back' | 'apply' | 'refund' | 'issue';

/** The id of a command that a step of a sale sends to a payment, the same however often it is sent. */
export function saleStepId(sale: SaleKey, commandId: string, step: SaleStep, ...of: readonly string[]): string {
  return derivedId('sale', sale.saleShopId, sale.saleId, commandId, step, ...of);
}

/** Which command of which sale a step belongs to. */
export function parentInSale(sale: SaleKey, commandId: string): Parent {
  return { kind: 'sale', id: `${sale.saleShopId}/${sale.saleId}`, commandId };
}
