import { derivedId } from '../../../domain/payment/command.js';
import { giftStepId } from '../../../domain/gift/gift.js';
import type { Delivery } from '../../../domain/payment/handle.js';
import type { Asking } from '../../../service/asking.js';
import type { Parts } from '../../../service/parts.js';
import { give } from '../../../service/gift/give.js';
import { commandPayment, type Forbidden, type Unanswered } from '../../../service/payment/command.js';
import type { PaymentRead } from '../../../service/payment/read.js';
import { reinstatePayment, reissuePayment } from '../../../service/payment/replace.js';
import type { Refused } from '../../../service/refused.js';
import { wishOf, type Asked } from './asked.js';

/** Where what was done is to be seen: a payment, and the command there. */
export type Done = {
  readonly outcome: 'done';
  readonly delivery: Delivery;
  readonly reference: string;
  readonly commandId: string;
};

/** @throws ActorsUnavailable, OutcomeUnknown, RecordsUnavailable: to be asked again under the same key */
export async function carryOut(
  parts: Parts,
  asking: Asking,
  payment: PaymentRead,
  asked: Asked,
): Promise<Done | Refused | Forbidden | Unanswered> {
  const { reference, customerId, currency } = payment;
  switch (asked.act) {
    case 'give': {
      const { act: _, toName: __, ...wanted } = asked;
      const given = await give(parts, asking, { reference, customerId, currency, ...wanted });
      if (given.outcome === 'refused') return given;
      const { giftId } = given.gift;
      return { outcome: 'done', delivery: given.delivery, reference, commandId: giftStepId(giftId, 'capture') };
    }
    case 'reinstate': {
      const { reason, expiresAt } = asked;
      const issued = await reinstatePayment(parts, asking, reference, { customerId, reason, ...said(expiresAt) });
      if (issued.outcome === 'refused') return issued;
      const { delivery } = issued;
      const commandId = derivedId('reinstatement', reference);
      return { outcome: 'done', delivery, reference: issued.payment.reference, commandId };
    }
    case 'reissue': {
      const issued = await reissuePayment(parts, asking, reference, { customerId, reason: asked.reason });
      if (issued.outcome !== 'issued') return issued;
      const { delivery } = issued;
      const commandId = derivedId('reissue', reference, 'issue');
      return { outcome: 'done', delivery, reference: issued.payment.reference, commandId };
    }
    case 'refund':
    case 'extend':
    case 'pay-out':
    case 'freeze':
    case 'thaw':
    case 'cancel':
    case 'expire': {
      const told = await commandPayment(parts, asking, reference, wishOf(asked, payment));
      if (told.outcome === 'sent') throw new Error('a command that was to be answered was left as a signal');
      if (told.outcome !== 'accepted') return told;
      return { outcome: 'done', delivery: told.delivery, reference, commandId: asking.requestId };
    }
  }
}

/** Not said, the shop's setting counts. */
function said(expiresAt: string | null | undefined) {
  return expiresAt === undefined ? {} : { expiresAt };
}
