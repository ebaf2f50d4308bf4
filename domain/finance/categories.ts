/**
 * What a movement is to finance. In the books it is three things: the kind, where the payment's money came from, and
 * what a cancellation says of the rest.
 */
export const categories = [
  'issued_paid',
  'issued_return',
  'issued_goodwill',
  'issued_replacement',
  'gifted_in',
  'applied',
  'refunded',
  'gifted_out',
  'paid_out',
  'expired',
  'forfeited',
  'remitted',
  'issued_in_error',
  'reissued',
] as const;
/** What stands behind a figure and is no movement: a fee that is kept of what would have come back. */
export const feeCategory = 'fee_kept';
export type Category = (typeof categories)[number];
