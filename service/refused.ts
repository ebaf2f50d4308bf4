import type { Figures } from '../domain/payment/figures.js';
import type { Delivery } from '../domain/payment/handle.js';
import type { AccountPaymentView } from '../domain/payment/payment.js';
import type { Warning } from '../domain/law/decision.js';
import type { PaymentRefusal, SaleView } from '../domain/sale/sale.js';
import type { RefusalCode } from '../domain/refusals.js';
import type { Parts } from './parts.js';

export type PaymentShown = AccountPaymentView & { readonly validThrough: string | null };

/** What this caller may see beside a refusal. */
export type ShownBeside = Figures & {
  readonly payment?: PaymentShown;
  readonly sale?: SaleView;
  /** Each account payment that refused, and why. */
  readonly payments?: readonly PaymentRefusal[];
  /** The rules of law that stand against it. */
  readonly warnings?: readonly Warning[];
};

/** The rules turned it down. */
export type Refused = {
  readonly outcome: 'refused';
  readonly delivery: Delivery;
  readonly code: RefusalCode;
  readonly shown: ShownBeside;
};

/** Every refusal is made, and counted, here. */
export function refused(
  { metrics }: Parts,
  code: RefusalCode,
  { delivery = 'first', shown = {} }: { delivery?: Delivery; shown?: ShownBeside } = {},
): Refused {
  metrics.refusals.inc({ code });
  return { outcome: 'refused', delivery, code, shown };
}
