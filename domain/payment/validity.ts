import { endOfDay, instantOf, lastDayBefore, type Calendar, type Instant } from '../instants.js';

/** Until when a payment is good: an instant, or through a day of the shop's calendar; not said, for ever. */
export type Validity = {
  readonly expiresAt?: string | null | undefined;
  readonly validThrough?: string | null | undefined;
};

export function expiryOf({ expiresAt, validThrough }: Validity, calendar: Calendar): Instant | null {
  const said = validThrough ?? expiresAt ?? null;
  return said === null ? null : (endOfDay(said, calendar) ?? instantOf(Date.parse(said)));
}

/** A payment as people see it: with the last day on which it is good, as the shop's calendar has it. */
export function withLastDay<Payment extends { readonly expiresAt: Instant | null }>(
  payment: Payment,
  { calendar }: { readonly calendar: Calendar },
): Payment & { validThrough: string | null } {
  const { expiresAt } = payment;
  return { ...payment, validThrough: expiresAt === null ? null : lastDayBefore(expiresAt, calendar) };
}
