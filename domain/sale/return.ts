import { totalOf, totalsByProduct } from '../basket.js';
import type { Line } from '../payment/command.js';
import type { Share } from './quote.js';
import type { RefusalCode } from '../refusals.js';
import type { Attempt, Return, ReturnSale, Source } from './sale.js';

export type Allocation = { readonly shares: readonly Share[] } | { readonly code: RefusalCode };

/**
 * Which payment gets back how much. Lines of a product go to the product-specific payments that paid for them, and
 * what these did not pay to the generic ones; an amount without lines to any. Last used first.
 */
export function allocateReturn(
  attempt: Attempt,
  before: readonly Return[],
  { amountMinor, lines }: ReturnSale,
): Allocation {
  const misfit = lines && misfitOf(attempt.lines, before, lines);
  if (misfit) return { code: misfit };
  const askedMinor = amountMinor ?? (lines ? totalOf(lines) : refundableMinor(attempt.sources));
  if (lines && askedMinor > totalOf(lines)) return { code: 'exceeds_basket' };
  const pots = attempt.sources
    .toReversed()
    .map((source) => ({ source, leftMinor: source.capturedMinor - source.returnedMinor, givenMinor: 0 }));
  let leftMinor = askedMinor;
  const give = (fits: (source: Source) => boolean, atMostMinor: number): void => {
    let unplacedMinor = Math.min(atMostMinor, leftMinor);
    for (const pot of pots.filter(({ source }) => fits(source))) {
      const amount = Math.min(pot.leftMinor, unplacedMinor);
      pot.leftMinor -= amount;
      pot.givenMinor += amount;
      unplacedMinor -= amount;
      leftMinor -= amount;
    }
  };
  for (const [productId, totalMinor] of totalsByProduct(lines ?? []))
    give((source) => isFor(source, productId), totalMinor);
  give(lines ? ({ scope }) => scope?.type === 'generic' : () => true, leftMinor);
  if (leftMinor > 0 || askedMinor === 0) return { code: 'exceeds_refundable' };
  return {
    shares: pots
      .filter((pot) => pot.givenMinor > 0)
      .map(({ source, givenMinor }) => ({ reference: source.reference, amountMinor: givenMinor })),
  };
}

/** Of each product no more comes back than was sold and has not come back yet. */
function misfitOf(sold: readonly Line[], before: readonly Return[], lines: readonly Line[]): RefusalCode | undefined {
  const soldMinor = totalsByProduct(sold);
  const returnedMinor = totalsByProduct(before.flatMap((each) => each.lines));
  for (const [productId, amountMinor] of totalsByProduct(lines)) {
    const total = soldMinor.get(productId);
    if (total === undefined) return 'product_not_in_sale';
    if ((returnedMinor.get(productId) ?? 0) + amountMinor > total) return 'exceeds_product_total';
  }
  return undefined;
}

function refundableMinor(sources: readonly Source[]): number {
  return sources.reduce((sum, { capturedMinor, returnedMinor }) => sum + capturedMinor - returnedMinor, 0);
}

function isFor({ scope }: Source, productId: string): boolean {
  return scope?.type === 'product_specific' && scope.productId === productId;
}
