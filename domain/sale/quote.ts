import type { AccountPaymentView } from '../payment/payment.js';
import { MAX_PAYMENTS, totalOf, totalsByProduct } from '../basket.js';
import type { Line } from '../payment/command.js';

export type Offered = Pick<
  AccountPaymentView,
  'reference' | 'type' | 'productId' | 'availableMinor' | 'issuedAt' | 'expiresAt' | 'sourceFunding'
>;

/** An amount of one payment, asked for or proposed. */
export type Share = { readonly reference: string; readonly amountMinor: number };

/** What the sale has taken of a payment already, and not given back; of a product-specific one, for its product. */
export type Taken = { readonly reference: string; readonly productId: string | null; readonly takenMinor: number };

export type Quote = {
  readonly payments: readonly (Share & Pick<Taken, 'takenMinor'>)[];
  readonly totalMinor: number;
  readonly coveredMinor: number;
  readonly leftToPayMinor: number;
  /** What the sale has taken already: a hold or settlement says it again. */
  readonly takenMinor: number;
};

/**
 * How much of each payment to use for a basket: as much as they cover, in the order of use and as many as a sale may
 * draw on, of a product-specific one never more than its product's lines, and less what the sale has taken already. All
 * payments and lines are of one currency.
 */
export function quote(lines: readonly Line[], offered: readonly Offered[], taken: readonly Taken[] = []): Quote {
  const totalMinor = totalOf(lines);
  const unpaidMinor = totalsByProduct(lines);
  const takenMinor = taken.reduce((sum, each) => sum + each.takenMinor, 0);
  const unsettledMinor = Math.max(0, totalMinor - takenMinor);
  for (const { productId, takenMinor: ofProduct } of taken) {
    if (productId !== null) unpaidMinor.set(productId, (unpaidMinor.get(productId) ?? 0) - ofProduct);
  }
  let leftToPayMinor = unsettledMinor;
  const payments: (Share & Pick<Taken, 'takenMinor'>)[] = [];
  for (const { reference, productId, availableMinor } of inOrderOfUse(offered)) {
    const coverableMinor =
      productId === null ? leftToPayMinor : Math.min(leftToPayMinor, unpaidMinor.get(productId) ?? 0);
    const amountMinor = Math.min(availableMinor, coverableMinor);
    if (amountMinor <= 0 || payments.length === MAX_PAYMENTS) continue;
    if (productId !== null) unpaidMinor.set(productId, (unpaidMinor.get(productId) ?? 0) - amountMinor);
    leftToPayMinor -= amountMinor;
    const before = taken.find((each) => each.reference === reference);
    payments.push({ reference, amountMinor, takenMinor: before?.takenMinor ?? 0 });
  }
  return { payments, totalMinor, coveredMinor: unsettledMinor - leftToPayMinor, leftToPayMinor, takenMinor };
}

/** Product-specific first, then what expires soonest, then what was given free, then the oldest. */
export function inOrderOfUse<Each extends Offered>(offered: readonly Each[]): Each[] {
  return offered.toSorted(
    (a, b) =>
      Number(a.type === 'generic') - Number(b.type === 'generic') ||
      compare(a.expiresAt ?? NEVER, b.expiresAt ?? NEVER) ||
      Number(a.sourceFunding !== 'goodwill') - Number(b.sourceFunding !== 'goodwill') ||
      compare(a.issuedAt, b.issuedAt) ||
      compare(a.reference, b.reference),
  );
}

/** After every instant, which all begin with a digit. */
const NEVER = 'never';

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
