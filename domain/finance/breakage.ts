/**
 * How money that is never asked for becomes income: in proportion to redemption, on expiry where redemption is remote,
 * or not at all, for it must be remitted or can be had back.
 */
export const breakageMethods = ['proportional', 'remote', 'left_out'] as const;
export type BreakageMethod = (typeof breakageMethods)[number];
