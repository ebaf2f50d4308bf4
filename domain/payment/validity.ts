import { endOfDay, instantOf, lastDayBefore, type Instant } from '../instants.js';

/** Until when a payment is good: an instant, or through a day of the shop's calendar; not said, for ever. */
export type Validity = {
  readonly expiresAt?: string | null | undefined;
  readonly validThrough?: string | null | undefined;
};

export function expiryOf({ expiresAt, validThrough }: Validity, timeZone: string): Instant | null {
  const said = validThrough ?? expiresAt ?? null;
  return said === null ? null : (endOfDay(said, timeZone) ?? instantOf(Date.parse(said)));
}

/** A payment as people see it: with the last day on which it is good, as the shop's calendar has it. */
export function withLastDay<Payment extends { readonly expiresAt: Instant | null }>(
  payment: Payment,
  { timeZone }: { readonly timeZone: string },
): Payment & { validThrough: string | null } {
  const { expiresAt } = payment;
  return { ...payment, validThrough: expiresAt === null ? null : lastDayBefore(expiresAt, timeZone) };
}
