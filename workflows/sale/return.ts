import { proxyActivities } from '@temporalio/workflow';
import type { Asked } from '../../activities/payment/command.js';
import type { Activities } from '../../activities/createActivities.js';
import { derivedId, type By } from '../../domain/payment/command.js';
import { instantOf } from '../../domain/instants.js';
import type { Share } from '../../domain/sale/quote.js';
import type { NotReturned, Return, Returned, ReturnSale } from '../../domain/sale/sale.js';
import type { Begun } from '../../domain/sale/steps.js';
import { ask } from '../askPayments.js';
import { retriedForEver } from '../retries.js';

const { replace } = proxyActivities<Pick<Activities, 'replace'>>(retriedForEver);

/** Who asks a sale for something, and under which id. */
export type Asking = { readonly commandId: string; readonly by: By };

type GoingBack = Asking & Partial<Pick<ReturnSale, 'reason' | 'lines'>>;

/** Refunds what a sale took: to the payment itself, or as new store credit when it has ended. Tells what went where. */
export async function goBack(sale: Begun, command: GoingBack, shares: readonly Share[], plan = 1): Promise<Return> {
  const { commandId, by, reason, lines = [] } = command;
  const { saleId, attempt } = sale;
  const { customerId, currency } = attempt;
  const refunds = shares.map(({ reference, amountMinor }): Asked => {
    const id = derivedId('sale', saleId, commandId, 'refund', reference, String(plan));
    return {
      reference,
      command: { kind: 'refund', commandId: id, by, customerId, amountMinor, currency, saleId, reason },
    };
  });
  const answers = await ask(refunds);
  const parts = await Promise.all(
    shares.map(async (share, i): Promise<Returned | NotReturned> => {
      const answer = answers[i];
      if (answer?.outcome === 'accepted') return { ...share, replacement: null, revision: answer.revision };
      const code = answer?.outcome === 'refused' ? answer.code : 'payment_unavailable';
      return code === 'payment_expired' || code === 'payment_cancelled'
        ? replacing(sale, command, share, plan)
        : { ...share, code, ...(answer?.outcome === 'refused' && { refundableMinor: answer.refundableMinor }) };
    }),
  );
  return {
    ...{ commandId, at: instantOf(Date.now()), by, reason: reason ?? null, lines },
    returned: parts.flatMap((part) => ('code' in part ? [] : [part])),
    notReturned: parts.flatMap((part) => ('code' in part ? [part] : [])),
  };
}

/** New store credit of its kind, without an end, in the stead of a payment that has ended. */
async function replacing(
  { saleId, attempt }: Begun,
  { commandId, by }: Asking,
  { reference, amountMinor }: Share,
  plan: number,
): Promise<Returned | NotReturned> {
  const { customerId, currency, sources } = attempt;
  const scope = sources.find((source) => source.reference === reference)?.scope ?? ({ type: 'generic' } as const);
  const issued = await replace.executeWithOptions({ summary: `in the stead of ${reference}` }, [
    {
      ...{
        commandId: derivedId('sale', saleId, commandId, 'issue', reference, String(plan)),
        by,
        customerId,
        scope,
        amountMinor,
        currency,
      },
      purpose: 'store_credit',
      expiresAt: null,
      origin: { kind: 'replacement', replaces: reference, saleId },
    },
  ]);
  if ('code' in issued) return { reference, amountMinor, ...issued };
  return { reference, amountMinor, replacement: issued.reference, revision: 1 };
}
