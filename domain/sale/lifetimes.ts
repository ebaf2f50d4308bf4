export const DEFAULT_HOLD_LIFETIME_MS = 15 * 60 * 1000;
export const MAX_HOLD_LIFETIME_MS = 24 * 60 * 60 * 1000;
/** For how long what a capture leaves held waits for the next delivery. */
export const MAX_REST_LIFETIME_MS = 60 * 24 * 60 * 60 * 1000;
/** By how much a payment's own end of a hold outlives the sale's, so that nothing lapses while a sale completes. */
export const BACKSTOP_MS = 24 * 60 * 60 * 1000;
