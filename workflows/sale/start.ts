import type { HoldSale, ReturnSale, SettleSale } from '../../domain/sale/sale.js';
import { searchAttributesOfSale } from '../searchAttributes.js';
import type { SaleInput } from './workflow.js';

export function saleWorkflowId(saleId: string): string {
  return `sale/${encodeURIComponent(saleId)}`;
}

/** How a sale's actor is started, by a hold, a settlement or a return; later ones find it there while it is open. */
export function startOfSale(saleId: string, command: HoldSale | SettleSale | ReturnSale, returnPeriodMs: number) {
  const { currency } = command;
  const customerId = 'customerId' in command ? command.customerId : undefined;
  return {
    workflowId: saleWorkflowId(saleId),
    args: [{ origin: 'begun', saleId, returnPeriodMs }] as [SaleInput],
    typedSearchAttributes: searchAttributesOfSale({ customerId, currency }),
    staticSummary: customerId === undefined ? `return of sale ${saleId}` : `sale ${saleId} to customer ${customerId}`,
  };
}
