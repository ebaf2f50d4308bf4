import type { RefusalCode } from '../../../domain/refusals.js';
import type { ShownBeside } from '../../../service/refused.js';
import type { Errors } from '../../http/fields.js';
import type { Reader } from '../../http/reader.js';
import type { Known } from './foresee.js';

/** Beside which field a refusal is told, where it is about one. */
const about: Partial<Record<RefusalCode, string>> = {
  insufficient_balance: 'amount',
  exceeds_refundable: 'amount',
  invalid_amount: 'amount',
  expires_at_in_past: 'validThrough',
  expires_at_not_later: 'validThrough',
  gift_to_self: 'to',
};

/** A refusal in the reader's words, with the figure that would have been right. */
export function toldOf(
  code: RefusalCode,
  { payment }: Known,
  { texts, formats }: Reader,
  shown: ShownBeside = {},
): Errors {
  const money = (amountMinor: number) => formats.money(amountMinor, payment.currency);
  const {
    availableMinor = shown.payment?.availableMinor ?? payment.availableMinor,
    refundableMinor,
    heldMinor,
  } = shown;
  const figures: Partial<Record<RefusalCode, string>> = {
    insufficient_balance: texts.acts.available(money(availableMinor)),
    ...(refundableMinor !== undefined && { exceeds_refundable: texts.acts.atMost(money(refundableMinor)) }),
    hold_open: texts.acts.held(money(heldMinor ?? payment.heldMinor)),
  };
  const sentence = code === 'payment_not_in_sale' ? texts.acts.noSales : texts.refusals[code];
  const figure = figures[code];
  return { [about[code] ?? '']: figure === undefined ? sentence : `${sentence} ${figure}` };
}
