import type { AccountPaymentView } from '../payment/payment.js';
import { MAX_PAYMENTS, totalOf, totalsByProduct } from '../basket.js';
import type { Line } from '../payment/command.js';

export type Offered = Pick<
  AccountPaymentView,
  'reference' | 'type' | 'productId' | 'availableMinor' | 'issuedAt' | 'expiresAt'
>;

/** An amount of one payment, asked for or proposed. */
export type Share = { readonly reference: string; readonly amountMinor: number };

export type Quote = {
  readonly payments: readonly Share[];
  readonly totalMinor: number;
  readonly coveredMinor: number;
  readonly leftToPayMinor: number;
};

/**
 * How much of each payment to use for a basket: as much as they cover, in the order of use and as many as a sale may
 * draw on, of a product-specific one never more than its product's lines. All payments and lines are of one currency.
 */
export function quote(lines: readonly Line[], offered: readonly Offered[]): Quote {
  const totalMinor = totalOf(lines);
  const unpaidMinor = totalsByProduct(lines);
  let leftToPayMinor = totalMinor;
  const payments: Share[] = [];
  for (const { reference, productId, availableMinor } of inOrderOfUse(offered)) {
    const coverableMinor = productId === null ? leftToPayMinor : (unpaidMinor.get(productId) ?? 0);
    const amountMinor = Math.min(availableMinor, coverableMinor);
    if (amountMinor <= 0 || payments.length === MAX_PAYMENTS) continue;
    if (productId !== null) unpaidMinor.set(productId, coverableMinor - amountMinor);
    leftToPayMinor -= amountMinor;
    payments.push({ reference, amountMinor });
  }
  return { payments, totalMinor, coveredMinor: totalMinor - leftToPayMinor, leftToPayMinor };
}

/** Product-specific first, then what expires soonest, then the oldest. */
export function inOrderOfUse<Each extends Offered>(offered: readonly Each[]): Each[] {
  return offered.toSorted(
    (a, b) =>
      Number(a.type === 'generic') - Number(b.type === 'generic') ||
      compare(a.expiresAt ?? NEVER, b.expiresAt ?? NEVER) ||
      compare(a.issuedAt, b.issuedAt) ||
      compare(a.reference, b.reference),
  );
}

/** After every instant, which all begin with a digit. */
const NEVER = 'never';

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
