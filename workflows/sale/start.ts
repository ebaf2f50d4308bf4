import type { SaleKey } from '../../domain/payment/command.js';
import { searchAttributesOfSale } from '../searchAttributes.js';
import type { Sale, SaleRecord, SaleView } from '../../domain/sale/sale.js';

/** A sale that begins to live, or one that goes on in a run of its own. */
export type SaleInput =
  | { readonly origin: 'begun'; readonly sale: SaleKey; readonly returnPeriodMs: number }
  | { readonly origin: 'continued'; readonly sale: Sale; readonly outbox: readonly SaleRecord[] };

export type SaleWorkflow = (input: SaleInput) => Promise<SaleView | null>;

export function saleWorkflowId({ saleShopId, saleId }: SaleKey): string {
  return `sale/${encodeURIComponent(saleShopId)}/${encodeURIComponent(saleId)}`;
}

/**
 * The customer and the currency of a sale. A return of one that was paid by single applies does not know the customer.
 */
export type SaleTerms = { readonly customerId?: string | undefined; readonly currency: string };

/** How a sale's actor is started, by the first command that comes to it; later ones find it there while it is open. */
export function startOfSale(sale: SaleKey, terms: SaleTerms, returnPeriodMs: number) {
  const { customerId } = terms;
  return {
    workflowId: saleWorkflowId(sale),
    args: [{ origin: 'begun', sale, returnPeriodMs }] as [SaleInput],
    typedSearchAttributes: searchAttributesOfSale({ ...terms, shopId: sale.saleShopId }),
    staticSummary:
      customerId === undefined ? `return of sale ${sale.saleId}` : `sale ${sale.saleId} to customer ${customerId}`,
  };
}
