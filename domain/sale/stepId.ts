import { derivedId, type Parent, type SaleKey } from '../payment/command.js';

/** What a sale asks of a payment's hold that it has. */
export const stepsOfHolds = ['capture', 'prolong', 'release', 'grow', 'shrink'] as const;
export type SaleStep = (typeof stepsOfHolds)[number] | 'hold' | 'shrink back' | 'apply' | 'refund' | 'issue';

/** The id of a command that a step of a sale sends to a payment, the same however often it is sent. */
export function saleStepId(sale: SaleKey, commandId: string, step: SaleStep, ...of: readonly string[]): string {
  return derivedId('sale', sale.saleShopId, sale.saleId, commandId, step, ...of);
}

/** What the steps of a sale have as their parent, whichever command of it they belong to. */
export function parentOfSteps({ saleShopId, saleId }: SaleKey): Omit<Parent, 'commandId'> {
  return { kind: 'sale', id: `${saleShopId}/${saleId}` };
}

/** Which command of which sale a step belongs to. */
export function parentInSale(sale: SaleKey, commandId: string): Parent {
  return { ...parentOfSteps(sale), commandId };
}
