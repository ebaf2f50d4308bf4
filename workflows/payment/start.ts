import type { Issue } from '../../domain/payment/command.js';
import { stateAtIssue } from '../../domain/payment/issue.js';
import type { AccountPaymentView } from '../../domain/payment/payment.js';
import type { PlainState } from '../../domain/payment/state.js';
import type { Instant } from '../../domain/instants.js';
import { formatMoney } from '../../domain/money.js';
import { searchAttributesOf } from '../searchAttributes.js';
import type { WaitingSignal } from './messages.js';

/** A new payment, or one that goes on in a run of its own. */
export type AccountPaymentInput =
  | { readonly origin: 'issued'; readonly issue: Issue }
  | { readonly origin: 'continued'; readonly state: PlainState; readonly waiting: WaitingSignal[] };

export type AccountPaymentWorkflow = (input: AccountPaymentInput) => Promise<AccountPaymentView>;

/** How a payment's actor is started. One that is there already is left alone, whether it runs or has ended. */
export function startOfPayment(issue: Issue) {
  return {
    workflowId: issue.reference,
    args: [{ origin: 'issued', issue }] as [AccountPaymentInput],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    typedSearchAttributes: searchAttributesOf(stateAtIssue(issue).payment),
    staticSummary: summaryOf(issue),
  } as const;
}

/** Finds, by visibility, the payments whose workflows were started after an instant. */
export function startedSinceQuery(at: Instant): string {
  return `WorkflowType = 'accountPayment' AND StartTime > '${at}'`;
}

function summaryOf({ purpose, amountMinor, currency, customerId }: Issue): string {
  return `${purpose.replace('_', ' ')} of ${formatMoney(amountMinor, currency)} for customer ${customerId}`;
}
