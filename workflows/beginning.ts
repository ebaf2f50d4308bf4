import type { Issue } from '../domain/command.js';
import { issued } from '../domain/issued.js';
import { formatMoney } from '../domain/money.js';
import type { HoldSale, SettleSale } from '../domain/sale.js';
import type { Gift } from '../domain/transfer.js';
import type { AccountPaymentInput } from './accountPayment.js';
import type { SaleInput } from './sale.js';
import { searchAttributesOf, searchAttributesOfSale, searchAttributesOfTransfer } from './searchAttributes.js';

/** How a payment's actor is started. One that is there already is left alone, whether it runs or has ended. */
export function beginningOf(issue: Issue) {
  return {
    workflowId: issue.reference,
    args: [{ origin: 'issued', issue }] as [AccountPaymentInput],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    typedSearchAttributes: searchAttributesOf(issued(issue).payment),
    staticSummary: summaryOf(issue),
  } as const;
}

export function saleWorkflowId(saleId: string): string {
  return `sale/${saleId}`;
}

/** How a sale's actor is started, by the first hold or settlement; the sale's later ones find it there. */
export function beginningOfSale(saleId: string, { customerId, currency }: HoldSale | SettleSale, returnPeriodMs: number) {
  return {
    workflowId: saleWorkflowId(saleId),
    args: [{ origin: 'begun', saleId, returnPeriodMs }] as [SaleInput],
    typedSearchAttributes: searchAttributesOfSale({ customerId, currency }),
    staticSummary: `sale ${saleId} to customer ${customerId}`,
  };
}

/** How a gift is started, once. */
export function beginningOfTransfer(gift: Gift) {
  const { transferId, customerId, toCustomerId, amountMinor, currency } = gift;
  return {
    workflowId: `transfer/${transferId}`,
    args: [gift] as [Gift],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    typedSearchAttributes: searchAttributesOfTransfer(gift),
    staticSummary: `gift of ${formatMoney(amountMinor, currency)} from customer ${customerId} to ${toCustomerId}`,
  } as const;
}

function summaryOf({ purpose, amountMinor, currency, customerId }: Issue): string {
  return `${purpose.replace('_', ' ')} of ${formatMoney(amountMinor, currency)} for customer ${customerId}`;
}
