import { lastDayBefore } from '../../domain/instants.js';
import type { AccountPaymentView } from '../../domain/payment/payment.js';

/** A payment as answers show it: with the last day on which it is good, as the shop's calendar has it. */
export function shown<View extends Pick<AccountPaymentView, 'expiresAt'>>(
  payment: View,
  { shopTimeZone }: { shopTimeZone: string },
): View & { validThrough: string | null } {
  const { expiresAt } = payment;
  return { ...payment, validThrough: expiresAt === null ? null : lastDayBefore(expiresAt, shopTimeZone) };
}
