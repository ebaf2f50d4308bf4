import type { Issue } from '../../domain/payment/command.js';
import { issued } from '../../domain/payment/issue.js';
import { formatMoney } from '../../domain/money.js';
import { searchAttributesOf } from '../searchAttributes.js';
import type { AccountPaymentInput } from './workflow.js';

/** How a payment's actor is started. One that is there already is left alone, whether it runs or has ended. */
export function startOfPayment(issue: Issue) {
  return {
    workflowId: issue.reference,
    args: [{ origin: 'issued', issue }] as [AccountPaymentInput],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    typedSearchAttributes: searchAttributesOf(issued(issue).payment),
    staticSummary: summaryOf(issue),
  } as const;
}

function summaryOf({ purpose, amountMinor, currency, customerId }: Issue): string {
  return `${purpose.replace('_', ' ')} of ${formatMoney(amountMinor, currency)} for customer ${customerId}`;
}
