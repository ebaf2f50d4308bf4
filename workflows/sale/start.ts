import { searchAttributesOfSale } from '../searchAttributes.js';
import type { Sale, SaleRecord, SaleView } from '../../domain/sale/sale.js';

/** A sale that begins to live, or one that goes on in a run of its own. */
export type SaleInput =
  | { readonly origin: 'begun'; readonly saleId: string; readonly returnPeriodMs: number }
  | { readonly origin: 'continued'; readonly sale: Sale; readonly outbox: readonly SaleRecord[] };

export type SaleWorkflow = (input: SaleInput) => Promise<SaleView | null>;

export function saleWorkflowId(saleId: string): string {
  return `sale/${encodeURIComponent(saleId)}`;
}

/** Whose a sale is; unknown to a return of one that was paid by single applies. */
export type SaleTerms = { readonly customerId?: string | undefined; readonly currency: string };

/** How a sale's actor is started, by the first command that comes to it; later ones find it there while it is open. */
export function startOfSale(saleId: string, terms: SaleTerms, returnPeriodMs: number) {
  const { customerId, currency } = terms;
  return {
    workflowId: saleWorkflowId(saleId),
    args: [{ origin: 'begun', saleId, returnPeriodMs }] as [SaleInput],
    typedSearchAttributes: searchAttributesOfSale({ customerId, currency }),
    staticSummary: customerId === undefined ? `return of sale ${saleId}` : `sale ${saleId} to customer ${customerId}`,
  };
}
