import type { HoldSale, SettleSale } from '../../domain/sale/sale.js';
import { searchAttributesOfSale } from '../searchAttributes.js';
import type { SaleInput } from './workflow.js';

export function saleWorkflowId(saleId: string): string {
  return `sale/${saleId}`;
}

/** How a sale's actor is started, by the first hold or settlement; the sale's later ones find it there. */
export function startOfSale(saleId: string, { customerId, currency }: HoldSale | SettleSale, returnPeriodMs: number) {
  return {
    workflowId: saleWorkflowId(saleId),
    args: [{ origin: 'begun', saleId, returnPeriodMs }] as [SaleInput],
    typedSearchAttributes: searchAttributesOfSale({ customerId, currency }),
    staticSummary: `sale ${saleId} to customer ${customerId}`,
  };
}
