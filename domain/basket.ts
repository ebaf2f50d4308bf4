import type { Line } from './payment/command.js';

export const MAX_LINES = 500;
/** Account payments that one sale may draw on. */
export const MAX_PAYMENTS = 100;

export function totalOf(lines: readonly { readonly amountMinor: number }[]): number {
  return lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** What each product comes to, in the order in which the products first appear. */
export function totalsByProduct(lines: readonly Line[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const { productId, amountMinor } of lines) totals.set(productId, (totals.get(productId) ?? 0) + amountMinor);
  return totals;
}
